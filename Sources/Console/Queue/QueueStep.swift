import Casework
import Domain
import Storage

/// What the queue's form does for the items that were chosen.
enum QueueStep: String, Sendable, CaseIterable {
  case assess, confirm, deconflict, clear, refer
  case overrideHolds = "override"

  /// The step of a queue; nil where its items are looked at one by one.
  init?(_ kind: QueueKind) {
    switch kind.rawValue {
    case "assess": self = .assess
    case "confirm": self = .confirm
    case "deconflict": self = .deconflict
    case "clear": self = .clear
    case "refer": self = .refer
    case "held": self = .overrideHolds
    default: return nil
    }
  }

  var permission: Permission {
    switch self {
    case .assess: .assessItems
    case .confirm: .confirmAssessments
    case .deconflict, .clear: .deconflictItems
    case .refer: .referItems
    case .overrideHolds: .overrideHolds
    }
  }

  /// The letter that does it.
  var key: String {
    switch self {
    case .assess: "a"
    case .confirm: "c"
    case .deconflict: "d"
    case .clear: "l"
    case .refer: "r"
    case .overrideHolds: "o"
    }
  }

  /// Whether so many at once are shown again before it is done: a word that sends needs to be meant.
  func needsReview(_ count: Int) -> Bool {
    switch self {
    case .confirm, .refer, .overrideHolds: count > 100
    case .assess, .deconflict, .clear: false
    }
  }
}

/// An item that was ticked, with the journal index of what the list showed of it.
struct ChosenItem: Sendable, Hashable {
  let item: ID<Item>
  let stamp: Int64?

  init(_ work: WorkItem, for step: QueueStep) {
    item = work.id
    switch step {
    case .assess, .confirm: stamp = work.assessment?.index
    case .overrideHolds: stamp = work.holdIndex
    case .deconflict, .clear, .refer: stamp = nil
    }
  }

  /// Reads `ITEM` or `ITEM~INDEX`.
  init?(_ text: String) {
    let parts = text.split(separator: "~", maxSplits: 1)
    guard let first = parts.first, let item = ID<Item>(first) else { return nil }
    self.item = item
    stamp = parts.count == 2 ? Int64(parts[1]) : nil
  }

  var text: String { item.description + (stamp.map { "~\($0)" } ?? "") }

  static func all(in form: FormFields) throws -> [ChosenItem] {
    let chosen = form.all("item").compactMap { ChosenItem($0) }
    guard chosen.count == form.all("item").count else { throw VisitFault.unreadableForm }
    return chosen
  }
}
