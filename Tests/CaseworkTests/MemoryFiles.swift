import Casework
import Crypto
import Domain
import ExchangeFormats

struct InputFault: Error, Equatable {}

/// An import's files in memory: chunks of bytes in, rejects kept.
struct MemoryFiles: ImportFiles {
  private let chunks: [[UInt8]]
  private var position = 0
  /// Called before each chunk; what it throws is the input's failure.
  private let beforeChunk: @Sendable (Int) throws -> Void
  private(set) var rejects: [(line: Int64, code: Rejection.Code)] = []
  private(set) var told: [Int64] = []

  init(
    _ text: String, chunk: Int = 1 << 20, beforeChunk: @escaping @Sendable (Int) throws -> Void = { _ in }
  ) {
    let bytes = Array(text.utf8)
    chunks = stride(from: 0, to: bytes.count, by: chunk).map { Array(bytes[$0..<min($0 + chunk, bytes.count)]) }
    self.beforeChunk = beforeChunk
  }

  /// Fails in place of one chunk, the end of the input counting as one more.
  init(_ text: String, chunk: Int, failingAt failing: Int) {
    self.init(text, chunk: chunk) { if $0 == failing { throw InputFault() } }
  }

  var chunkCount: Int { chunks.count }

  mutating func next() throws -> [UInt8]? {
    try beforeChunk(position)
    guard position < chunks.count else { return nil }
    position += 1
    return chunks[position - 1]
  }

  mutating func reject(line: Int64, text: [UInt8], _ rejection: Rejection) { rejects.append((line, rejection.code)) }
  mutating func progress(lines: Int64) { told.append(lines) }
}

extension ImportRequest {
  /// A request for this text, as a file of this name.
  init(
    _ text: String, fileName: String = "a.list", format: IntakeFormat? = nil, operation: String? = nil,
    terms: ReportTerms = ReportTerms()
  ) throws {
    self.init(
      inputDigest: Array(SHA256.hash(data: Array(text.utf8))), fileName: fileName,
      plan: try IntakePlan(fileName: fileName, firstBytes: Array(text.utf8), format: format), operation: operation,
      terms: terms)
  }
}
