extension Migration {
  /// The work on items: operations, assessment, deconfliction, referral, looks.
  ///
  /// What was assessed, cleared, sent and seen of an item are tables of their own, each keyed by the item's row.
  static let casework = Migration(
    version: 2, name: "casework", statements: operationTables + decisionTables + referralTables)

  private static let operationTables = [
    "ALTER TABLE operations ADD COLUMN h_hour {integer}",
    """
    CREATE TABLE participants (
      operation {integer} NOT NULL, agency {integer} NOT NULL, PRIMARY KEY (operation, agency)) {clustered}
    """,
    "CREATE INDEX items_operation ON items (operation)",
    """
    CREATE TABLE outlets (
      row {rowkey}, id {blob} NOT NULL UNIQUE, agency {integer} NOT NULL, operation {integer},
      name_digest {blob} NOT NULL, name {text}, review_at {integer} NOT NULL, UNIQUE (agency, name_digest)) {strict}
    """,
    """
    CREATE TABLE observations (
      outlet {integer} NOT NULL, day {integer} NOT NULL, posts {integer} NOT NULL, accounts {integer} NOT NULL,
      reach {integer} NOT NULL, PRIMARY KEY (outlet, day)) {clustered}
    """,
    """
    CREATE TABLE cases (
      row {rowkey}, id {blob} NOT NULL UNIQUE, agency {integer} NOT NULL, operation {integer},
      prosecutor {integer}, reference_digest {blob} NOT NULL, reference {text},
      UNIQUE (agency, reference_digest)) {strict}
    """,
    """
    CREATE TABLE case_facts (
      row {rowkey}, case_file {integer} NOT NULL, kind {text} NOT NULL, happened_at {integer} NOT NULL,
      note {text}) {strict}
    """,
    "CREATE INDEX case_facts_case ON case_facts (case_file)",
  ]

  private static let decisionTables = [
    """
    CREATE TABLE assessments (
      item {rowkey}, idx {integer} NOT NULL, decision {text} NOT NULL, categories {text} NOT NULL,
      assessor {integer} NOT NULL, second {integer}, second_idx {integer}, agrees {integer}) {strict}
    """,
    "CREATE INDEX assessments_open ON assessments (item) WHERE second IS NULL",
    """
    CREATE TABLE interests (
      row {rowkey}, id {blob} NOT NULL UNIQUE, agency {integer} NOT NULL, locator {blob} NOT NULL,
      until {integer} NOT NULL, withdrawn_at {integer}) {strict}
    """,
    "CREATE INDEX interests_locator ON interests (locator)",
    """
    CREATE TABLE deconflictions (
      item {rowkey}, idx {integer} NOT NULL, result {text} NOT NULL, valid_until {integer} NOT NULL,
      hold_idx {integer}, held_until {integer}, lifted_idx {integer}, clear_idx {integer},
      clear_until {integer}) {strict}
    """,
    "CREATE INDEX deconflictions_held ON deconflictions (item) WHERE hold_idx IS NOT NULL",
  ]

  private static let referralTables = [
    """
    CREATE TABLE referrals (
      row {rowkey}, id {blob} NOT NULL UNIQUE, item {integer} NOT NULL, provider {integer} NOT NULL,
      operation {integer}, categories {text} NOT NULL, clause {text}, due_at {integer},
      delivered_idx {integer}, delivered_at {integer}, attempts {integer}, refused_idx {integer},
      answered_idx {integer}, answered_at {integer}, outcome {text}, reference {text},
      retracted_idx {integer}, must_recall {integer}, recalled_idx {integer}) {strict}
    """,
    "CREATE INDEX referrals_item ON referrals (item)",
    """
    CREATE INDEX referrals_waiting ON referrals (provider)
      WHERE delivered_idx IS NULL AND refused_idx IS NULL AND retracted_idx IS NULL
    """,
    "CREATE INDEX referrals_recall ON referrals (provider) WHERE must_recall = 1 AND recalled_idx IS NULL",
    """
    CREATE TABLE watches (
      item {rowkey}, provider {integer} NOT NULL, operation {integer}, delivered_at {integer} NOT NULL,
      earlier_looks {integer} NOT NULL, looks {integer} NOT NULL, next_look_at {integer}, verdict {text}, seen_idx {integer},
      last_live_at {integer}, first_gone_at {integer}, gone_idx {integer}, contradicted_idx {integer},
      reappeared_idx {integer}, title {blob}) {strict}
    """,
    "CREATE INDEX watches_due ON watches (next_look_at) WHERE next_look_at IS NOT NULL",
    """
    CREATE TABLE relations (
      item {integer} NOT NULL, original {integer} NOT NULL, relation {text} NOT NULL, idx {integer} NOT NULL,
      PRIMARY KEY (item, original)) {clustered}
    """,
    "CREATE INDEX relations_original ON relations (original)",
    "CREATE TABLE provider_desks (user_row {rowkey}, provider {integer} NOT NULL) {strict}",
  ]
}
