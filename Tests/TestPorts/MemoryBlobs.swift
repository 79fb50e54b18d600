import Crypto
public import Domain
import Synchronization

/// A blob store in memory.
public final class MemoryBlobs: BlobStore {
  private let kept = Mutex<[[UInt8]: [UInt8]]>([:])

  public init() {}

  public func keep(_ bytes: [UInt8]) -> [UInt8] {
    let digest = Array(SHA256.hash(data: bytes))
    kept.withLock { $0[digest] = bytes }
    return digest
  }

  public func bytes(of digest: [UInt8]) -> [UInt8]? { kept.withLock { $0[digest] } }

  public var count: Int { kept.withLock { $0.count } }
}
