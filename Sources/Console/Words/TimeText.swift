import Domain

/// Instants and durations as people read them; always UTC, because an operation spans countries.
enum TimeText {
  /// `2026-11-23 20:30:11`, for the machine in full.
  static func node(_ instant: Instant, seconds: Bool = true) -> Node {
    el("time", Attribute("datetime", instant.description)) { text(instant, seconds: seconds) }
  }

  static func text(_ instant: Instant, seconds: Bool = true) -> String {
    let full = instant.description
    return "\(full.prefix(10)) \(full.dropFirst(11).prefix(seconds ? 8 : 5))"
  }

  static func day(_ instant: Instant) -> String { String(instant.description.prefix(10)) }

  /// The two largest units: `3 d 4 h`, `2 h 5 min`, `48 s`.
  static func duration(seconds: Int64) -> String {
    switch seconds {
    case ..<60: "\(max(seconds, 0)) s"
    case ..<3_600: pair(seconds / 60, "min", seconds % 60, "s")
    case ..<86_400: pair(seconds / 3_600, "h", seconds / 60 % 60, "min")
    default: pair(seconds / 86_400, "d", seconds / 3_600 % 24, "h")
    }
  }

  private static func pair(_ large: Int64, _ unit: String, _ small: Int64, _ smaller: String) -> String {
    small == 0 ? "\(large) \(unit)" : "\(large) \(unit) \(small) \(smaller)"
  }

  /// What a field of type `datetime-local` sends, taken as UTC.
  static func instant(ofField text: String) -> Instant? {
    let text = text.filter { !$0.isWhitespace }
    return text.split(separator: ":").count == 2
      ? Instant(rfc3339: text + ":00Z") : Instant(rfc3339: text.hasSuffix("Z") ? text : text + "Z")
  }
}
