/// A moment on the record: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// JSON carries it as RFC 3339 in UTC with six fractional digits (`2026-11-23T20:30:11.123456Z`),
/// always the same width, so that text order is time order. The range is the years 0000 to 9999.
public struct Instant: Sendable, Hashable, Comparable {
  public let microseconds: Int64

  public init(microseconds: Int64) {
    self.microseconds = min(max(microseconds, Self.earliest), Self.latest)
  }

  /// Reads RFC 3339 with `T`, optional fraction of up to six digits, and `Z` or a numeric offset.
  public init?(rfc3339 text: some StringProtocol) {
    let bytes = Array(text.utf8)
    var reader = DigitReader(bytes: bytes)
    guard let year = reader.number(digits: 4), reader.skip(0x2D),
      let month = reader.number(digits: 2), (1...12).contains(month), reader.skip(0x2D),
      let day = reader.number(digits: 2), (1...31).contains(day), reader.skip(0x54) || reader.skip(0x74),
      let hour = reader.number(digits: 2), hour < 24, reader.skip(0x3A),
      let minute = reader.number(digits: 2), minute < 60, reader.skip(0x3A),
      let second = reader.number(digits: 2), second < 60,
      let fraction = reader.fraction(), let offset = reader.offsetMinutes(), reader.isAtEnd
    else { return nil }
    let days = CivilDate.daysSince1970(year: year, month: month, day: day)
    guard CivilDate(daysSince1970: days).day == day else { return nil }
    let seconds = days * 86_400 + hour * 3_600 + (minute - offset) * 60 + second
    let microseconds = Int64(seconds) * 1_000_000 + Int64(fraction)
    // An offset may lead out of the years that have four digits.
    guard (Self.earliest...Self.latest).contains(microseconds) else { return nil }
    self.init(microseconds: microseconds)
  }

  public static func < (lhs: Instant, rhs: Instant) -> Bool { lhs.microseconds < rhs.microseconds }

  /// Held at the ends of the range.
  public func adding(seconds: Int64) -> Instant {
    let (added, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    guard !overflow else { return Instant(microseconds: seconds < 0 ? .min : .max) }
    let (sum, carried) = microseconds.addingReportingOverflow(added)
    return Instant(microseconds: carried ? (seconds < 0 ? .min : .max) : sum)
  }

  private static let earliest: Int64 = -62_167_219_200_000_000
  private static let latest: Int64 = 253_402_300_799_999_999
}

extension Instant: CustomStringConvertible {
  public var description: String { String(decoding: rfc3339, as: UTF8.self) }

  /// The 27 ASCII bytes of the RFC 3339 form.
  public var rfc3339: [UInt8] {
    let (days, rest) = floorDivide(microseconds, by: 86_400_000_000)
    let date = CivilDate(daysSince1970: Int(days))
    let second = Int(rest / 1_000_000)
    return [UInt8](unsafeUninitializedCapacity: 27) { buffer, count in
      write(date.year, digits: 4, into: buffer, at: 0)
      buffer[4] = 0x2D
      write(date.month, digits: 2, into: buffer, at: 5)
      buffer[7] = 0x2D
      write(date.day, digits: 2, into: buffer, at: 8)
      buffer[10] = 0x54
      write(second / 3_600, digits: 2, into: buffer, at: 11)
      buffer[13] = 0x3A
      write(second / 60 % 60, digits: 2, into: buffer, at: 14)
      buffer[16] = 0x3A
      write(second % 60, digits: 2, into: buffer, at: 17)
      buffer[19] = 0x2E
      write(Int(rest % 1_000_000), digits: 6, into: buffer, at: 20)
      buffer[26] = 0x5A
      count = 27
    }
  }
}

private func floorDivide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
  let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
  return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}

private func write(_ number: Int, digits: Int, into buffer: UnsafeMutableBufferPointer<UInt8>, at start: Int) {
  var rest = number
  for position in stride(from: start + digits - 1, through: start, by: -1) {
    buffer[position] = 0x30 + UInt8(rest % 10)
    rest /= 10
  }
}

/// A day of the proleptic Gregorian calendar.
struct CivilDate {
  let year: Int
  let month: Int
  let day: Int

  // The era arithmetic of Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
  init(daysSince1970 days: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

private struct DigitReader {
  let bytes: [UInt8]
  var position = 0

  var isAtEnd: Bool { position == bytes.count }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  mutating func number(digits: Int) -> Int? {
    guard position + digits <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[position..<position + digits] {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    position += digits
    return value
  }

  /// Microseconds; 0 when there is no fraction.
  mutating func fraction() -> Int? {
    guard skip(0x2E) else { return 0 }
    var value = 0
    var digits = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]), digits < 6 {
      value = value * 10 + Int(bytes[position] - 0x30)
      digits += 1
      position += 1
    }
    guard digits > 0 else { return nil }
    for _ in digits..<6 { value *= 10 }
    return value
  }

  mutating func offsetMinutes() -> Int? {
    if skip(0x5A) || skip(0x7A) { return 0 }
    let sign = skip(0x2D) ? -1 : (skip(0x2B) ? 1 : 0)
    guard sign != 0, let hour = number(digits: 2), hour < 24, skip(0x3A), let minute = number(digits: 2),
      minute < 60
    else { return nil }
    return sign * (hour * 60 + minute)
  }
}
