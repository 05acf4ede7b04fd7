/** The bench's plain modules, with the types that the tests rely on. */

const load = (name: string): Promise<unknown> =>
  import(new URL(`../../bench/${name}.mjs`, import.meta.url).href);

/** A summary of several turns. */
interface Summary {
  median: number;
  low: number;
  high: number;
}

/** A row of the page. */
export interface Row {
  what: string;
  against?: string;
  ratio?: Summary;
  atLeast?: number;
  atMost?: number;
  skipped?: string;
  remark?: string;
}

/** What a peer or a model of dsasim's own has counted. */
export interface Counted {
  events: number;
  checksum: number;
  done: number;
}

/** A model that has not begun. */
interface Model {
  counted: Counted;
  run: () => void;
}

type Rates = Record<string, number[]>;

export const measure = (await load('measure')) as {
  quantile: (values: readonly number[], fraction: number) => number;
  summary: (values: readonly number[]) => Summary;
  inTurns: (subjects: Record<string, () => number | Promise<number>>, rounds: number) => Promise<Rates>;
  ratio: (rates: Rates, subject: string, against: string) => Summary;
};

export const page = (await load('page')) as {
  meets: (row: Row) => boolean;
  table: (rows: readonly Row[]) => string;
  page: (measured: {
    sections: { title: string; text: string; rows: Row[] }[];
    versions: Record<string, string>;
    shares: { title: string; rows: { what: string; share: number }[] }[];
    rounds: number;
    longRounds: number;
    only?: string;
    quick?: boolean;
  }) => string;
};

export const models = (await load('models')) as {
  holdModel: (pending: number, limit: number) => Model;
  pipelineModel: (slots: number, limit: number) => Model;
};

export const peers = (await load('peers')) as {
  findPeers: () => {
    name: string;
    skipped?: string;
    run?: (model: string, size: number, amount: number) => Counted & { seconds: number };
  }[];
};

export const slicing = (await load('slicing-by-16')) as {
  crc32cOf: (words: Int32Array, first: number, bytes: number) => number;
};

export const profile = (await load('profile')) as {
  sharesOf: (
    profile: unknown,
    within?: string,
  ) => { functions: { what: string; share: number }[]; rooms: { what: string; share: number }[] };
};
