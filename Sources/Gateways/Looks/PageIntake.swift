import Crypto
import Domain
import Locators

/// Takes a page in as it comes: digest, length, title and the pack's words; the page itself is not kept.
struct PageIntake {
  private enum Encoding {
    case plain
    case packed(Inflater)
    /// An encoding that was not asked for.
    case unknown
  }

  private let budget: LookBudget
  private let signs: GoneSigns
  private let encoding: Encoding
  private var hasher: SHA256?
  private var titles = TitleScan()
  private var scan = MarkSet.Scan()
  private var wireBytes = 0
  private(set) var bytes = 0
  private(set) var fault: VerdictBasis?

  init(_ head: ResponseHead, _ signs: GoneSigns, _ budget: LookBudget) {
    self.signs = signs
    self.budget = budget
    switch head.contentEncoding?.lowercased() {
    case nil, "", "identity": encoding = .plain
    case "gzip", "x-gzip": encoding = .packed(Inflater(mayBeRaw: false))
    case "deflate": encoding = .packed(Inflater(mayBeRaw: true))
    default: encoding = .unknown
    }
  }

  /// Whether the page is in an encoding that nobody asked for, so that its words stay unread.
  var isUnreadable: Bool { if case .unknown = encoding { true } else { false } }

  var found: MarkSet.Found { scan.found }
  var title: String? { titles.title }
  var digest: [UInt8]? { hasher.map { Array($0.finalize()) } }

  /// Whether the page came whole, as far as its encoding tells.
  var isWhole: Bool { if case .packed(let inflater) = encoding { inflater.isFinished || bytes == 0 } else { true } }

  mutating func take(_ chunk: UnsafeBufferPointer<UInt8>) {
    guard fault == nil else { return }
    wireBytes += chunk.count
    switch encoding {
    case .plain: read(chunk)
    case .packed(let inflater):
      do throws(Inflater.Fault) {
        try inflater.feed(chunk) { piece in
          read(piece)
          return fault == nil
        }
      } catch {
        fault = .protocolError
      }
    case .unknown: break
    }
  }

  private mutating func read(_ chunk: UnsafeBufferPointer<UInt8>) {
    guard !chunk.isEmpty else { return }
    bytes += chunk.count
    guard bytes <= budget.decodedBytes, bytes <= max(65_536, budget.ratio * wireBytes) else {
      return fault = .budget
    }
    if hasher == nil { hasher = SHA256() }
    hasher?.update(bufferPointer: UnsafeRawBufferPointer(chunk))
    titles.feed(chunk)
    scan.feed(chunk, signs.marks)
  }
}
