public import TransparencyLog

/// What a verification looked at, and everything that was not as it must be.
public struct VerificationReport: Sendable {
  /// How many leaves were read.
  public internal(set) var size: UInt64 = 0
  /// The root recomputed from the leaf bytes.
  public internal(set) var root = Merkle.emptyRoot
  /// How many payloads are gone by a recorded erasure.
  public internal(set) var erased = 0
  public internal(set) var checkpoints = 0
  /// Rows compared with a replay; nil where none was asked for.
  public internal(set) var replayedRows: Int64?
  /// What is wrong, in the order in which it was found: leaves first, by their index.
  public internal(set) var findings: [Finding] = []
  /// How many more there were than are kept.
  public internal(set) var furtherFindings = 0

  public var isSound: Bool { findings.isEmpty }

  // Enough to see the extent of a damage; a million lines would tell no more.
  private static let mostFindings = 50

  mutating func add(_ place: Finding.Place, _ problem: String) {
    if findings.count < Self.mostFindings {
      findings.append(Finding(place: place, problem: problem))
    } else {
      furtherFindings += 1
    }
  }
}

/// One thing that is not as it must be, and where.
public struct Finding: Sendable, Hashable, CustomStringConvertible {
  public let place: Place
  public let problem: String

  public enum Place: Sendable, Hashable, CustomStringConvertible {
    case leaf(Int64)
    case tile(String)
    case head
    case checkpoint(UInt64)
    case row(table: String, key: String)
    case table(String)
    case file

    public var description: String {
      switch self {
      case .leaf(let index): "leaf \(index)"
      case .tile(let path): path
      case .head: "the journal's head"
      case .checkpoint(let size): "the checkpoint at \(size)"
      case .row(let table, let key): "table \(table), row \(key)"
      case .table(let name): "table \(name)"
      case .file: "the database file"
      }
    }
  }

  public var description: String { "\(place): \(problem)" }
}
