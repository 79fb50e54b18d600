internal import CIDN2
// Normalization Form C is in the standard library but not in its public interface, and Foundation, which uses
// this same entry, is more than a pure module wants.
@_spi(_Unicode) internal import Swift

/// Unicode ToASCII (UTS 46) as the URL Standard calls it when `beStrict` is false.
///
/// Non-transitional, CheckBidi and CheckJoiners on; CheckHyphens, UseSTD3ASCIIRules and VerifyDnsLength off.
/// libidn2 cannot be asked for that: it limits lengths, judges hyphens and refuses what IDNA 2008 refuses,
/// such as symbols. So it supplies only its data, the mapping of one scalar and the joining rules; the rest
/// is here.
enum DomainToASCII {
  /// The longest domain with non-ASCII characters that is read, in bytes; what DNS could hold is far shorter.
  static let longestDomain = 1_024

  /// The ASCII form of the domain, which is UTF-8; ill-formed sequences count as U+FFFD, which no domain may
  /// have.
  static func convert(_ domain: [UInt8]) throws(URLFault) -> [UInt8] {
    guard domain.count <= longestDomain else { throw .domainTooLong }
    var mapped = String.UnicodeScalarView()
    for scalar in String(decoding: domain, as: UTF8.self).unicodeScalars {
      switch DomainMapping.of(scalar) {
      case .disallowed: throw .domainToASCII
      case .valid: mapped.append(scalar)
      case .mapped(let replacement): mapped.append(contentsOf: replacement)
      }
    }
    let labels = String(mapped)._nfc.split(separator: ".", omittingEmptySubsequences: false).map { Array($0) }
    var unicodeLabels: [[Unicode.Scalar]] = []
    for label in labels {
      let decoded = try decodingAfterPrefix(label)
      try check(decoded)
      unicodeLabels.append(decoded)
    }
    guard DomainBidi.allows(unicodeLabels) else { throw .domainToASCII }

    var result: [UInt8] = []
    for (index, label) in unicodeLabels.enumerated() {
      if index > 0 { result.append(UInt8(ascii: ".")) }
      if label.allSatisfy(\.isASCII) {
        result.append(contentsOf: label.map { UInt8(truncatingIfNeeded: $0.value) })
      } else {
        guard let code = Punycode.encode(label) else { throw .domainToASCII }
        result.append(contentsOf: "xn--".utf8)
        result.append(contentsOf: code)
      }
    }
    return result
  }

  /// The Unicode form of a label with "xn--", which must be valid as it is; any other label unchanged.
  private static func decodingAfterPrefix(_ label: [Unicode.Scalar]) throws(URLFault) -> [Unicode.Scalar] {
    guard label.starts(with: "xn--".unicodeScalars) else { return label }
    guard label.allSatisfy(\.isASCII),
      let decoded = Punycode.decode(label.dropFirst(4).map { UInt8(truncatingIfNeeded: $0.value) }),
      !decoded.allSatisfy(\.isASCII), !decoded.starts(with: "xn--".unicodeScalars)
    else { throw .domainToASCII }
    var text = String.UnicodeScalarView()
    for scalar in decoded {
      guard case .valid = DomainMapping.of(scalar), scalar != "." else { throw .domainToASCII }
      text.append(scalar)
    }
    guard String(text)._nfc.elementsEqual(decoded) else { throw .domainToASCII }
    return decoded
  }

  /// The validity criteria that mapping does not already ensure (UTS 46, section 4.1).
  private static func check(_ label: [Unicode.Scalar]) throws(URLFault) {
    guard let first = label.first else { return }
    if DomainBidi.isMark(first) { throw .domainToASCII }
    for (index, scalar) in label.enumerated() where scalar == "\u{200C}" || scalar == "\u{200D}" {
      guard JoinerRule.allows(label, at: index) else { throw .domainToASCII }
    }
  }
}

/// What UTS 46 makes of one scalar before normalization.
enum DomainMapping {
  case valid
  case disallowed
  /// Nothing, when the scalar is ignored.
  case mapped([Unicode.Scalar])

  static func of(_ scalar: Unicode.Scalar) -> DomainMapping {
    switch scalar {
    case "A"..."Z": return .mapped([Unicode.Scalar(UInt8(ascii: "a") + UInt8(scalar.value - 0x41))])
    case "\0"..."\u{7F}": return .valid
    // The deviations, which non-transitional processing keeps.
    case "\u{DF}", "\u{3C2}", "\u{200C}", "\u{200D}": return .valid
    // Since Unicode 15.1, which is newer than the library's data.
    case "\u{1E9E}": return .mapped(["\u{DF}"])
    default: return lookUp(scalar)
    }
  }

  private static func lookUp(_ scalar: Unicode.Scalar) -> DomainMapping {
    // Between two zeros the scalar composes with nothing and no rule about a label's ends applies. The
    // transitional flag makes the library map and normalize without the IDNA 2008 tests that UTS 46 lacks.
    var name: [UInt8] = [UInt8(ascii: "0")]
    name.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    name.append(UInt8(ascii: "0"))
    name.append(0)
    var output: UnsafeMutablePointer<UInt8>?
    let code = idn2_lookup_u8(name, &output, Int32(IDN2_TRANSITIONAL.rawValue | IDN2_NFC_INPUT.rawValue))
    guard code == IDN2_OK.rawValue, let output else { return .disallowed }
    defer { idn2_free(output) }
    var text: [UInt8] = []
    var next = output
    while next.pointee != 0 {
      text.append(next.pointee)
      next += 1
    }
    var scalars: [Unicode.Scalar] = []
    for (index, label) in text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .enumerated()
    {
      if index > 0 { scalars.append(".") }
      if label.starts(with: "xn--".utf8) {
        guard let decoded = Punycode.decode(label.dropFirst(4)) else { return .disallowed }
        scalars.append(contentsOf: decoded)
      } else {
        scalars.append(contentsOf: label.map { Unicode.Scalar($0) })
      }
    }
    guard scalars.count >= 2 else { return .disallowed }
    let replacement = Array(scalars.dropFirst().dropLast())
    return replacement == [scalar] ? .valid : .mapped(replacement)
  }
}

/// The rules for U+200C and U+200D (RFC 5892, appendices A.1 and A.2).
enum JoinerRule {
  private static let virama: UInt8 = 9

  static func allows(_ label: [Unicode.Scalar], at index: Int) -> Bool {
    guard index > 0 else { return false }
    if label[index - 1].properties.canonicalCombiningClass.rawValue == virama { return true }
    guard label[index] == "\u{200C}" else { return false }
    // Joining types are only in libidn2, so it judges the letters around the joiner, few enough for its
    // limits.
    var start = index
    while start > 0, index - start < 8, isLetterOrMark(label[start - 1]) { start -= 1 }
    // Marks at the excerpt's start belong to a letter that was cut off.
    while start < index, DomainBidi.isMark(label[start]) { start += 1 }
    var end = index + 1
    while end < label.count, end - index <= 8, isLetterOrMark(label[end]) { end += 1 }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: label[start..<end])
    var name = Array(String(text).utf8)
    name.append(0)
    return idn2_lookup_u8(name, nil, Int32(IDN2_NONTRANSITIONAL.rawValue)) == IDN2_OK.rawValue
  }

  private static func isLetterOrMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .otherLetter, .modifierLetter, .lowercaseLetter, .nonspacingMark, .spacingMark: true
    default: false
    }
  }
}
