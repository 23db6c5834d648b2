import { Box, type SuspendTerminal, Text, useApp, useInput, usePaste, useWindowSize } from 'ink';
import { memo, useEffect, useSyncExternalStore } from 'react';
import { keyNames } from './keys.ts';

/** What the shell paints and whom it tells about keys. */
export interface ShellModel {
  /** Called with a function to run whenever what is painted may have changed. */
  readonly subscribe: (onChange: () => void) => () => void;
  /** A number that changes with it. */
  readonly version: () => number;
  /** The screen as one painted string per row of the terminal. */
  readonly paint: (columns: number, rows: number) => readonly string[];
  readonly press: (key: string) => void;
  readonly paste: (text: string) => void;
}

/** Hands the terminal to somebody else for a while; null until the shell is mounted. */
export interface TerminalHandle {
  suspend: SuspendTerminal | null;
}

// One text element per row, remembered by its string: rows that did not change cost nothing.
const Row = memo(({ text }: { readonly text: string }) => (
  <Text wrap="truncate">{text === '' ? ' ' : text}</Text>
));

/** The only component that hears the keyboard, and the only one that knows the size of the terminal. */
export const Shell = ({
  model,
  terminal,
}: {
  readonly model: ShellModel;
  readonly terminal: TerminalHandle;
}) => {
  const { columns, rows } = useWindowSize();
  useSyncExternalStore(model.subscribe, model.version);
  const { suspendTerminal } = useApp();
  // The library gives this only to components; who suspends is decided outside of them.
  useEffect(() => {
    terminal.suspend = suspendTerminal;
  }, [terminal, suspendTerminal]);
  useInput((input, key) => {
    for (const name of keyNames(input, key)) model.press(name);
  });
  // Mounted always: without it a paste arrives as keys and triggers whatever its letters are bound to.
  usePaste(model.paste);
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      {model.paint(columns, rows).map((text, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the terminal is its index
        <Row key={row} text={text} />
      ))}
    </Box>
  );
};
