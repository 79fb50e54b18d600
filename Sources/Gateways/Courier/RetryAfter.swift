package import Domain

/// `Retry-After` (RFC 9110, 10.2.3): seconds, or a date.
package enum RetryAfter {
  /// Nobody is waited for longer than a day on their own word.
  static let longest: Int64 = 86_400

  /// How many seconds to wait, from 0 to a day; nil where the field says nothing that can be read.
  ///
  /// A date is measured against the reply's own `Date`, so that two clocks that differ do no harm; `now` stands in
  /// where the reply has none.
  package static func seconds(_ field: String, date: String?, now: Instant) -> Int64? {
    let text = field.trimming()
    if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return min(Int64(text) ?? longest, longest)
    }
    guard let until = httpDate(text) else { return nil }
    let from = date.flatMap { httpDate($0.trimming()) } ?? now
    return min(max(0, until.wholeSeconds - from.wholeSeconds), longest)
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// An IMF-fixdate, `Sun, 06 Nov 1994 08:49:37 GMT`: the only form that may be sent (RFC 9110, 5.6.7).
  private static func httpDate(_ text: Substring) -> Instant? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[0].utf8.count == 4, parts[5] == "GMT",
      let month = months.firstIndex(where: { $0 == parts[2] })
    else { return nil }
    let number = month + 1
    return Instant(rfc3339: "\(parts[3])-\(number < 10 ? "0" : "")\(number)-\(parts[1])T\(parts[4])Z")
  }
}

extension String {
  fileprivate func trimming() -> Substring {
    var text = self[...]
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }
}
