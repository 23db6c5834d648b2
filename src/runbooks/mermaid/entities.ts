/** Characters by code point, from U+00A0 on, in the order in which HTML names them. */
const latin =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'.split(
    ' ',
  );

/** From U+0391 on; U+03A2 has no letter. */
const greekCapitals =
  'Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho - Sigma Tau Upsilon Phi Chi Psi Omega'.split(
    ' ',
  );
/** From U+03B1 on. */
const greekSmall =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma tau upsilon phi chi psi omega'.split(
    ' ',
  );

const others: Readonly<Record<string, string>> = {
  quot: '"',
  amp: '&',
  lt: '<',
  gt: '>',
  apos: "'",
  num: '#',
  semi: ';',
  colon: ':',
  comma: ',',
  period: '.',
  excl: '!',
  quest: '?',
  equals: '=',
  plus: '+',
  ast: '*',
  percnt: '%',
  dollar: '$',
  commat: '@',
  lpar: '(',
  rpar: ')',
  lsqb: '[',
  lbrack: '[',
  rsqb: ']',
  rbrack: ']',
  lcub: '{',
  lbrace: '{',
  rcub: '}',
  rbrace: '}',
  vert: '|',
  verbar: '|',
  sol: '/',
  bsol: '\\',
  lowbar: '_',
  grave: '`',
  Hat: '^',
  Tab: ' ',
  OElig: 'Œ',
  oelig: 'œ',
  Scaron: 'Š',
  scaron: 'š',
  Yuml: 'Ÿ',
  circ: 'ˆ',
  tilde: '˜',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  sbquo: '‚',
  ldquo: '“',
  rdquo: '”',
  bdquo: '„',
  dagger: '†',
  Dagger: '‡',
  bull: '•',
  hellip: '…',
  permil: '‰',
  prime: '′',
  Prime: '″',
  lsaquo: '‹',
  rsaquo: '›',
  euro: '€',
  trade: '™',
  larr: '←',
  uarr: '↑',
  rarr: '→',
  darr: '↓',
  harr: '↔',
  lArr: '⇐',
  uArr: '⇑',
  rArr: '⇒',
  dArr: '⇓',
  hArr: '⇔',
  forall: '∀',
  part: '∂',
  exist: '∃',
  empty: '∅',
  isin: '∈',
  notin: '∉',
  sum: '∑',
  minus: '−',
  radic: '√',
  infin: '∞',
  and: '∧',
  or: '∨',
  cap: '∩',
  cup: '∪',
  int: '∫',
  sim: '∼',
  asymp: '≈',
  ne: '≠',
  equiv: '≡',
  le: '≤',
  ge: '≥',
  sub: '⊂',
  sup: '⊃',
  loz: '◊',
  spades: '♠',
  clubs: '♣',
  hearts: '♥',
  diams: '♦',
  check: '✓',
  cross: '✗',
  star: '☆',
  starf: '★',
};

const named: ReadonlyMap<string, string> = new Map([
  ...latin.map((name, i) => [name, String.fromCodePoint(0xa0 + i)] as const),
  ...greekCapitals.map((name, i) => [name, String.fromCodePoint(0x391 + i)] as const),
  ...greekSmall.map((name, i) => [name, String.fromCodePoint(0x3b1 + i)] as const),
  ...Object.entries(others),
]);

const numbered = (code: number): string | undefined =>
  code < 0x20 ||
  (code >= 0x7f && code < 0xa0) ||
  (code >= 0xd800 && code < 0xe000) ||
  code > 0x10ffff
    ? undefined
    : String.fromCodePoint(code);

/**
 * `#quot;` and `#35;`, Mermaid's way to write a character, and HTML's `&quot;`, `&#35;`, `&#x23;`.
 * What names no character, or a control character, stays as it is written. Once over: `&amp;lt;` is `&lt;`.
 */
export const decodeEntities = (text: string): string =>
  text.replace(
    /&#[xX]([0-9a-fA-F]{1,6});|[&#]#?\+?([0-9]{1,7});|[&#]([A-Za-z][A-Za-z0-9]{1,15});/g,
    (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
      if (hex !== undefined) return numbered(Number.parseInt(hex, 16)) ?? whole;
      if (decimal !== undefined) return numbered(Number(decimal)) ?? whole;
      return named.get(name ?? '') ?? whole;
    },
  );
