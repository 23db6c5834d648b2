import { describe, expect, it } from 'vitest';
import { labelLine, labelLines } from '../../../src/runbooks/mermaid/label-text.ts';
import { parseFlowchart } from '../../../src/runbooks/mermaid/parse-flowchart.ts';

const plain = (text: string): readonly string[] => labelLines({ text, markdown: false });
const markdown = (text: string): readonly string[] => labelLines({ text, markdown: true });

describe('the text of a label', () => {
  it.each([
    ['  spaced \t out  ', ['spaced out']],
    ['one<br/>two<BR>three<br />four', ['one', 'two', 'three', 'four']],
    ['one\\ntwo\nthree', ['one', 'two', 'three']],
    ['<br/>one<br/><br/>two<br/>', ['one', '', 'two']],
    ['', []],
    ['<br/>', []],
    ['"quoted"', ['quoted']],
    ['<b>bold</b> <span style="x">y</span><!-- z -->', ['bold y']],
    ['<script>alert(1)</script>', ['alert(1)']],
    ['logs <pod> -c <container>', ['logs <pod> -c <container>']],
    ['a < b <= c > d', ['a < b <= c > d']],
    ['&lt;b&gt;not a tag&lt;/b&gt;', ['<b>not a tag</b>']],
    ['&amp;lt; &amp;amp;', ['&lt; &amp;']],
    ['#quot;#35;#9829;&#x41;&#65;', ['"#♥AA']],
    ['#nosuch; #; &; &#xffffff; #1;', ['#nosuch; #; &; &#xffffff; #1;']],
    ['&nbsp;x&nbsp;', ['x']],
    ['fa:fa-car drive fab:fa-x', ['drive']],
    ['**stays**', ['**stays**']],
  ])('given %j, when it is shown, then it is %j', (text, expected) => {
    expect(plain(text)).toEqual(expected);
  });

  it.each([
    ['**bold** _thin_ `code` ***both***', ['bold thin code both']],
    ['kube_pod_info __a__', ['kube_pod_info a']],
    ['2 * 3 * 4', ['2 * 3 * 4']],
    ['**open', ['**open']],
    ['\\*kept\\*', ['*kept*']],
    ['**over<br/>lines**', ['over', 'lines']],
    ['C:\\new', ['C:\\new']],
  ])('given Markdown %j, when it is shown, then it is %j', (text, expected) => {
    expect(markdown(text)).toEqual(expected);
  });

  it.each([
    ['escape sequences', 'a\u001b[31mb\u001b]0;t\u0007c', 'abc'],
    ['C1 controls', 'a\u009b31mb\u0085c', 'a31mbc'],
    ['zero width', 'a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg', 'abcdefg'],
    ['bidi controls', 'a\u202eb\u2066c\u200ed\u061ce', 'abcde'],
    ['selectors and tags', 'a\ufe0fb\u{e0041}c\u{e0100}d', 'abcd'],
    ['fillers', 'a\u3164b\u115fc\uffa0d', 'abcd'],
    ['annotations', 'a\ufff9b\ufffac\ufffbd', 'abcd'],
    ['entities of them', 'a#8203;b#8238;c&#xfeff;d&zwj;e', 'abcd&zwj;e'],
    ['entities of controls', 'a#27;b', 'a#27;b'],
    ['halves of pairs', 'a\ud800b', 'a\ufffdb'],
  ])('given %s, when it is shown, then they are not in it', (_, text, expected) => {
    expect(plain(text)).toEqual([expected]);
  });

  it('given accents and scripts that combine, when it is shown, then they stay', () => {
    expect(plain('e\u0301 ไทย हिन्दी 한국어 告警 🔥')).toEqual(['e\u0301 ไทย हिन्दी 한국어 告警 🔥']);
  });

  it('given several lines on an arrow, when it is shown, then they are one', () => {
    expect(labelLine({ text: 'one<br/><br/>two', markdown: false })).toBe('one two');
  });

  it('given hostile text in every place, when a chart is read, then none of it is in the chart', () => {
    const bad = '\u001b[2J\u202e\u200b';
    const { chart } = parseFlowchart(
      `graph TD\nsubgraph s ["t${bad}"]\nA["a${bad}"] -->|"b${bad}"| B@{ label: "c${bad}" }\nend`,
    );
    expect(chart?.nodes.map(({ label }) => label)).toEqual([['a'], ['c']]);
    expect(chart?.edges.map(({ label }) => label)).toEqual(['b']);
    expect(chart?.groups.map(({ title }) => title)).toEqual(['t']);
  });

  it('given hostile text as the name of a group, when a chart is read, then it is no id', () => {
    const named = parseFlowchart('graph TD\nsubgraph "a\u202eb"\nA\nend').chart?.groups;
    expect(named?.map(({ id, title }) => [id, title])).toEqual([['subGraph0', 'ab']]);
    const titled = parseFlowchart('graph TD\nsubgraph "a\u202eb" [T]\nA\nend');
    expect(titled.chart).toBeNull();
    const open = parseFlowchart('graph TD\nsubgraph a\u202eb\nA');
    expect(JSON.stringify(open.diagnostics)).not.toContain('\u202e');
  });

  it('given hostile text as an id, when a chart is read, then it is refused and named by its number', () => {
    for (const bad of ['\u001b', '\u202e', '\u200b', '\u00ad', '\u0007']) {
      const { chart, diagnostics } = parseFlowchart(`graph TD\nA --> ${bad}B`);
      expect(chart).toBeNull();
      expect(JSON.stringify(diagnostics)).not.toContain(bad);
    }
  });
});
