public import Domain

/// What a record says about the keys that it was made with.
public struct KeySample: Sendable {
  public let installation: Identifier?
  /// The first provider that was registered: its identifier is derived from the pack's name or the domain.
  public let provider: (id: Identifier, pack: String?, name: String?)?
  /// The newest checkpoint, as it is stored.
  public let checkpoint: String?

  /// Reads it from a store that nobody has opened as a record yet.
  public static func read(_ engine: any Engine) async throws -> KeySample {
    try await engine.read { try ReadTransaction(connection: $0).keySample() }
  }
}

extension ReadTransaction {
  /// Reads what keys can be held against.
  public func keySample() throws -> KeySample {
    KeySample(
      installation: try connection.first("SELECT id FROM installations", []) { try $0.identifier(0) },
      provider: try connection.first("SELECT id, pack, name FROM providers ORDER BY row LIMIT 1", []) {
        (try $0.identifier(0), $0.optionalText(1), $0.optionalText(2))
      },
      checkpoint: try connection.first("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1", []) { $0.text(0) })
  }
}
