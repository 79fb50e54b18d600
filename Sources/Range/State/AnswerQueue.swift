/// The answers of one provider that are not acknowledged yet, first in, first out.
struct AnswerQueue {
  struct Entry {
    enum Form {
      case answer
      /// It names a referral that another provider holds.
      case foreign
      /// It is not even JSON.
      case nonsense
    }

    let form: Form
    let referral: Int32
    let at: Int32
  }

  private var entries: [Entry] = []
  private var head = 0
  /// Entries that an earlier run has settled, and that come by again while its record is folded.
  private var passed: Int
  /// How many were acknowledged since the range was made.
  private(set) var acknowledged: Int

  var count: Int { entries.count - head }

  /// - Parameter acknowledged: how many of the entries to come were acknowledged in an earlier run.
  init(acknowledged: Int = 0) {
    self.acknowledged = acknowledged
    passed = acknowledged
  }

  mutating func append(_ entry: Entry) {
    if passed > 0 { passed -= 1 } else { entries.append(entry) }
  }

  /// The entries of the next request: a run of plain answers, or one of another form alone.
  func batch(most: Int) -> ArraySlice<Entry> {
    let rest = entries[head...]
    guard let first = rest.first else { return [] }
    guard first.form == .answer else { return rest.prefix(1) }
    return rest.prefix(most).prefix { $0.form == .answer }
  }

  mutating func acknowledge(_ count: Int) {
    acknowledged += count
    head += count
    if head >= 4_096 || head == entries.count {
      entries.removeFirst(head)
      head = 0
    }
  }
}
