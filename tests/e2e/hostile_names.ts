/** Names that a shell, a connection string, SQL, or a path would each read otherwise. */
export const hostileNames: readonly string[] = [
  `two words`,
  `it's "quoted"`,
  `-Fc --clean`,
  `größe 数据 🐘`,
  `a/b\\c`,
  `100%`,
  `host=evil dbname=x`,
  `postgresql://evil/x`,
  "x".repeat(63),
];
