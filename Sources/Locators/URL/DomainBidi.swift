/// The Bidi rule (RFC 5893, section 2) as UTS 46 applies it: to all labels of a domain that has one letter
/// written from right to left.
///
/// The classes R, AL, AN and EN are listed; L, NSM and the neutral ones follow from the general category,
/// which differs from Unicode's own table for some 2,000 symbols, and then only beside right-to-left letters.
enum DomainBidi {
  private enum Class {
    case left
    case right
    case arabicNumber
    case europeanNumber
    case nonspacing
    case neutral
  }

  static func allows(_ labels: [[Unicode.Scalar]]) -> Bool {
    let classes = labels.map { $0.map(classOf) }
    guard classes.joined().contains(where: { $0 == .right || $0 == .arabicNumber }) else { return true }
    return classes.allSatisfy(allows)
  }

  private static func allows(_ label: [Class]) -> Bool {
    guard let first = label.first else { return true }
    let last = label.last { $0 != .nonspacing }
    switch first {
    case .right:
      guard !label.contains(.left) else { return false }
      if label.contains(.europeanNumber), label.contains(.arabicNumber) { return false }
      return last == .right || last == .europeanNumber || last == .arabicNumber
    case .left:
      guard !label.contains(.right), !label.contains(.arabicNumber) else { return false }
      return last == .left || last == .europeanNumber
    case .arabicNumber, .europeanNumber, .nonspacing, .neutral:
      return false
    }
  }

  static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }

  private static func classOf(_ scalar: Unicode.Scalar) -> Class {
    let value = scalar.value
    if value < 0x80 {
      if ASCII.isDigit(UInt8(value)) { return .europeanNumber }
      return ASCII.isLetter(UInt8(value)) ? .left : .neutral
    }
    if isIn(right, value) { return .right }
    if isIn(arabicNumbers, value) { return .arabicNumber }
    if isIn(europeanNumbers, value) { return .europeanNumber }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return .nonspacing
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .spacingMark,
      .letterNumber, .decimalNumber:
      return .left
    default: return .neutral
    }
  }

  /// Whether one of the ranges, which ascend, holds the value.
  private static func isIn(_ ranges: [ClosedRange<UInt32>], _ value: UInt32) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].contains(value)
  }

  /// Classes R and AL; a range runs on over code points without a character.
  private static let right: [ClosedRange<UInt32>] = [
    0x5BE...0x5BE, 0x5C0...0x5C0, 0x5C3...0x5C3, 0x5C6...0x5C6, 0x5D0...0x5F4, 0x608...0x608, 0x60B...0x60B,
    0x60D...0x60D, 0x61B...0x64A, 0x66D...0x66F, 0x671...0x6D5, 0x6E5...0x6E6, 0x6EE...0x6EF, 0x6FA...0x710,
    0x712...0x72F, 0x74D...0x7A5, 0x7B1...0x7EA, 0x7F4...0x7F5, 0x7FA...0x7FA, 0x7FE...0x815, 0x81A...0x81A,
    0x824...0x824, 0x828...0x828, 0x830...0x858, 0x85E...0x88E, 0x8A0...0x8C9, 0x200F...0x200F,
    0xFB1D...0xFB1D, 0xFB1F...0xFB28, 0xFB2A...0xFD3D, 0xFD50...0xFDC7, 0xFDF0...0xFDFC, 0xFE70...0xFEFC,
    0x10800...0x1091B, 0x10920...0x10A00, 0x10A10...0x10A35, 0x10A40...0x10AE4, 0x10AEB...0x10B35,
    0x10B40...0x10D23, 0x10E80...0x10EA9, 0x10EAD...0x10F45, 0x10F51...0x10F81, 0x10F86...0x10FF6,
    0x1E800...0x1E8CF, 0x1E900...0x1E943, 0x1E94B...0x1EEBB,
  ]

  private static let arabicNumbers: [ClosedRange<UInt32>] = [
    0x600...0x605, 0x660...0x669, 0x66B...0x66C, 0x6DD...0x6DD, 0x890...0x891, 0x8E2...0x8E2,
    0x10D30...0x10E7E,
  ]

  private static let europeanNumbers: [ClosedRange<UInt32>] = [
    0x6F0...0x6F9, 0x102E1...0x102FB, 0x1D7CE...0x1D7FF, 0x1FBF0...0x1FBF9,
  ]
}
