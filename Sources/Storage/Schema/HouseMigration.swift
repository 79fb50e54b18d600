extension Migration {
  /// The journal, who may act, and what was put on record.
  ///
  /// A row key is the journal index of the event that made the row: compact, the same after every
  /// replay, and a pointer to its leaf. Personal columns are nullable, because they can be erased.
  static let house = Migration(
    version: 1, name: "house",
    statements: journalTables + identityTables + intakeTables + [
      "CREATE TABLE schema_migrations (version {rowkey}, name {text} NOT NULL) {strict}",
      "CREATE TABLE projections (name {text} NOT NULL PRIMARY KEY, version {integer} NOT NULL) {clustered}",
    ])

  private static let journalTables = [
    """
    CREATE TABLE journal (
      idx {rowkey}, subject {blob} NOT NULL, leaf {blob} NOT NULL,
      facts {blob} NOT NULL, facts_salt {blob} NOT NULL, personal {blob}, personal_salt {blob}) {strict}
    """,
    "CREATE INDEX journal_subject ON journal (subject)",
    """
    CREATE TABLE journal_tiles (
      level {integer} NOT NULL, idx {integer} NOT NULL, hashes {blob} NOT NULL, PRIMARY KEY (level, idx)) {strict}
    """,
    """
    CREATE TABLE journal_head (
      one {rowkey}, size {integer} NOT NULL, root {blob} NOT NULL, at {integer} NOT NULL) {strict}
    """,
    "CREATE TABLE checkpoints (size {rowkey}, note {text} NOT NULL) {strict}",
  ]

  private static let identityTables = [
    "CREATE TABLE installations (row {rowkey}, id {blob} NOT NULL UNIQUE, owner {blob} NOT NULL) {strict}",
    "CREATE TABLE agencies (row {rowkey}, id {blob} NOT NULL UNIQUE, name_digest {blob} UNIQUE, name {text}) {strict}",
    """
    CREATE TABLE users (
      row {rowkey}, id {blob} NOT NULL UNIQUE, agency {integer} NOT NULL, name_digest {blob} UNIQUE,
      name {text}, roles {text} NOT NULL, is_owner {integer} NOT NULL, verifier_digest {blob}) {strict}
    """,
    "CREATE TABLE password_verifiers (user_row {rowkey}, verifier {text} NOT NULL) {strict}",
    """
    CREATE TABLE tokens (
      row {rowkey}, id {blob} NOT NULL UNIQUE, user_row {integer} NOT NULL, digest {blob} NOT NULL UNIQUE,
      label {text}, created_at {integer} NOT NULL, expires_at {integer}, revoked_at {integer}) {strict}
    """,
    """
    CREATE TABLE sessions (
      row {rowkey}, id {blob} NOT NULL UNIQUE, user_row {integer} NOT NULL, digest {blob} NOT NULL UNIQUE,
      expires_at {integer} NOT NULL, closed_at {integer}) {strict}
    """,
    """
    CREATE TABLE requests (
      row {rowkey}, caller {integer} NOT NULL, key_digest {blob} NOT NULL, body_digest {blob} NOT NULL,
      status {integer} NOT NULL, reply {text} NOT NULL, UNIQUE (caller, key_digest)) {strict}
    """,
  ]

  private static let intakeTables = [
    """
    CREATE TABLE providers (
      row {rowkey}, id {blob} NOT NULL UNIQUE, pack {text}, name {text}, registered_at {integer} NOT NULL) {strict}
    """,
    """
    CREATE TABLE operations (
      row {rowkey}, id {blob} NOT NULL UNIQUE, agency {integer} NOT NULL, name_digest {blob} NOT NULL,
      name {text}, opened_at {integer} NOT NULL, UNIQUE (agency, name_digest)) {strict}
    """,
    """
    CREATE TABLE imports (
      row {rowkey}, id {blob} NOT NULL UNIQUE, owner {integer} NOT NULL, operation {integer},
      format {text} NOT NULL, digest {blob} NOT NULL, file_name {text}, lines_done {integer} NOT NULL,
      items_new {integer} NOT NULL, sightings {integer} NOT NULL, rejected {integer},
      finished_at {integer}) {strict}
    """,
    "CREATE INDEX imports_digest ON imports (digest)",
    """
    CREATE TABLE items (
      row {rowkey}, id {blob} NOT NULL UNIQUE, owner {integer} NOT NULL, provider {integer} NOT NULL,
      operation {integer}, kind {text} NOT NULL, handling {text} NOT NULL, sharing {text} NOT NULL, locator {text},
      first_reported_at {integer} NOT NULL, last_sighted_at {integer} NOT NULL, sightings {integer} NOT NULL) {strict}
    """,
    """
    CREATE TABLE item_locators (
      locator {blob} NOT NULL, owner {integer} NOT NULL, item {integer} NOT NULL,
      PRIMARY KEY (locator, owner)) {clustered}
    """,
  ]
}
