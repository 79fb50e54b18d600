/// Where bytes that are too large for the record lie, each under its SHA-256.
public protocol BlobStore: Sendable {
  /// Keeps the bytes durably and returns their SHA-256; the same bytes are kept once.
  func keep(_ bytes: [UInt8]) throws -> [UInt8]
  /// The bytes of a digest; nil where there are none.
  func bytes(of digest: [UInt8]) throws -> [UInt8]?
}
