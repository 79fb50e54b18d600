extension Migration {
  /// Who works on which lane, and until when; decision 0021 says why it is no projection.
  static let leases = Migration(
    version: 3, name: "leases",
    statements: [
      """
      CREATE TABLE leases (
        name {text} NOT NULL PRIMARY KEY, holder {blob}, fence {integer} NOT NULL, until {integer} NOT NULL,
        failures {integer} NOT NULL, next_try_at {integer}) {clustered}
      """
    ])
}
