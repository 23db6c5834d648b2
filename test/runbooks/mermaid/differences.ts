/** A part of what is read here. */
interface Here {
  readonly nodes?: readonly { readonly id: string; readonly label?: readonly string[] }[];
  readonly edges?: readonly {
    readonly from: string;
    readonly to: string;
    readonly label?: string;
    readonly head?: string;
  }[];
  readonly groups?: readonly { readonly id: string; readonly title?: string }[];
}

interface Difference {
  readonly mermaid: 'read' | 'refused';
  /** Null is refused here. */
  readonly here: Here | null;
  /** Whether it is said that Mermaid would not draw it so. */
  readonly warns: boolean;
  readonly why: string;
}

const read = (here: Here, why: string): Difference => ({
  mermaid: 'read',
  here,
  warns: false,
  why,
});
const warned = (here: Here, why: string): Difference => ({
  mermaid: 'read',
  here,
  warns: true,
  why,
});
const lenient = (here: Here, why: string): Difference => ({
  mermaid: 'refused',
  here,
  warns: true,
  why,
});
const silent = (here: Here, why: string): Difference => ({
  mermaid: 'refused',
  here,
  warns: false,
  why,
});
const refused = (why: string): Difference => ({ mermaid: 'read', here: null, warns: false, why });

const label = (text: string): Here => ({ nodes: [{ id: 'A', label: [text] }, { id: 'B' }] });
const edge = (text: string): Here => ({ edges: [{ from: 'A', to: 'B', label: text }] });
const ab: Here = { nodes: [{ id: 'A' }, { id: 'B' }], edges: [{ from: 'A', to: 'B' }] };

const wholeWord =
  'the last letter of the label stays, which Mermaid takes for the tail of an arrow';
const inQuotes = 'the label is clear, and a warning says that Mermaid wants it in quotes';
const emptyGroup = 'a group with nothing in it is a node: an arrow has to lead somewhere';
const ownId = 'a node with nothing to show is shown by its id, so that it can be spoken of';

/** Charts that are read otherwise than by Mermaid, or by only one of the two, and the reasons. */
export const differences: Readonly<Record<string, Difference>> = {
  'example 19-lr-semicolon-oneline': read(
    {
      edges: [
        { from: 'A', to: 'B' },
        { from: 'B', to: 'C', label: 'yes' },
        { from: 'B', to: 'D', label: 'no' },
      ],
    },
    wholeWord,
  ),
  'text label ending in o': read(edge('no'), wholeWord),
  'text label ending in x': read(edge('max'), wholeWord),
  'text label ending in a lone x': read(edge('plan x'), wholeWord),
  'comment behind a statement': lenient(ab, 'a comment behind a statement loses nothing'),
  'comment that is empty': read(ab, 'an empty comment is a comment; Mermaid draws a node %%'),
  'id with double quote': refused('a quote in an id is a bracket that was forgotten'),
  'pipe label with brackets': lenient(edge('yes (really)'), inQuotes),
  'text label with a dot': lenient(edge('v1.2'), inQuotes),
  'text label with an equals sign': lenient(edge('a=b'), inQuotes),
  'text label over a line end': refused(
    'a label without quotes ends on its line: a forgotten arrow would swallow the next one',
  ),
  'text label mismatched ends': warned(
    { edges: [{ from: 'A', to: 'B', label: 'yes', head: 'cross' }] },
    'the head is the one that is written; Mermaid draws another',
  ),
  'text label pointing back': warned(
    { edges: [{ from: 'A', to: 'B', label: 'yes', head: 'none' }] },
    'there is no head, as in <--- without a label; Mermaid draws one forwards',
  ),
  'edge id metadata before': read(ab, 'what is said about an arrow makes no node'),
  'edge id as a node': refused('one name for an arrow and a node is a mistake'),
  'label of one space': read(
    {
      nodes: [
        { id: 'A', label: ['A'] },
        { id: 'B', label: ['B'] },
      ],
    },
    ownId,
  ),
  'metadata icon': read({ nodes: [{ id: 'A' }, { id: 'B', label: ['B'] }] }, ownId),
  'label with a space before the quote': lenient(
    label('text'),
    'a space before a quote loses nothing',
  ),
  'label with quotes inside': lenient(label('say "hi"'), inQuotes),
  'label with round brackets': lenient(label('restart (rolling)'), inQuotes),
  'label with square brackets': lenient(label('list[0]'), inQuotes),
  'label with curly brackets': lenient(label('metric{pod}'), inQuotes),
  'label with a pipe': lenient(label('ps | grep etcd'), inQuotes),
  'label with a backtick first': lenient(label('`code` first'), inQuotes),
  'label with a placeholder': read(
    label('kubectl logs <pod>'),
    'a placeholder stays: the browser takes it for a tag, the operator has to fill it',
  ),
  'label less than': read(label('a < b and c <d'), 'a tag that is not closed is no tag'),
  'label icon': read(label('forbidden'), 'the name of an icon is no text'),
  'label with entities': read(
    { nodes: [{ id: 'A' }, { id: 'B', label: ['"y" & # # <i>'] }] },
    'numbers of HTML are read, which Mermaid mixes up with its own',
  ),
  'label with unknown entities': read(
    label('#nosuch; &nosuch; #; &;'),
    'what names no character stays as it is written',
  ),
  'label with direction inside': read(
    label('the direction TB of it'),
    'words in a label are no statement; Mermaid drops the line',
  ),
  'class attached twice': silent(ab, 'classes change looks only'),
  'linkStyle out of range': silent(ab, 'styles change looks only'),
  'style of an unknown node': warned(ab, 'a style makes no node; Mermaid draws one'),
  'click as a node': refused('an arrow from `click` is a mistake; Mermaid drops the line'),
  'subgraph that is empty': read({ nodes: [{ id: 'one' }, { id: 'A' }], groups: [] }, emptyGroup),
  'subgraph that is empty inside another': read(
    { nodes: [{ id: 'two' }, { id: 'A' }], groups: [{ id: 'one' }] },
    emptyGroup,
  ),
  'subgraph with trailing space': read(
    { groups: [{ id: 'one' }] },
    'a space that nobody sees changes no id',
  ),
  'subgraph title with a comma': lenient(
    { groups: [{ id: 'subGraph0', title: 'First, second' }] },
    inQuotes,
  ),
  'subgraph metadata': read(
    { nodes: [{ id: 'A' }, { id: 'B' }], groups: [{ id: 'one' }] },
    'a collapsed group is shown whole: every step has to be there',
  ),
  'direction with a statement behind': read(
    ab,
    'a statement behind a direction is read; Mermaid drops it',
  ),
};
