/// Why the URL Standard refuses an address; the description is a sentence an analyst can act on.
///
/// All cases but ``tooLong`` and ``domainTooLong`` are the standard's own failures
/// (WHATWG URL, section 1.1 "Validation errors").
public enum URLFault: Error, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  /// There is no scheme, and no base address against which the input could be read.
  case missingScheme
  /// The host is missing although the scheme, the user name or the port asks for one.
  case missingHost
  case portInvalid
  case portOutOfRange
  /// UTS 46 refuses the domain, or nothing is left of it.
  case domainToASCII
  case domainInvalidCodePoint
  case hostInvalidCodePoint
  case ipv4TooManyParts
  case ipv4NonNumericPart
  case ipv4OutOfRangePart
  case ipv6Unclosed
  case ipv6InvalidCompression
  case ipv6TooManyPieces
  case ipv6MultipleCompression
  case ipv6InvalidCodePoint
  case ipv6TooFewPieces
  case ipv4InIPv6TooManyPieces
  case ipv4InIPv6InvalidCodePoint
  case ipv4InIPv6OutOfRangePart
  case ipv4InIPv6TooFewParts
  /// The input is longer than ``WebURL/maximumInputLength``: our limit, not the standard's.
  case tooLong
  /// An internationalised domain is longer than any that DNS could hold: our limit, not the standard's.
  case domainTooLong

  public var description: String {
    switch self {
    case .missingScheme: "the address does not begin with a scheme such as https:"
    case .missingHost: "the address has no host"
    case .portInvalid: "the port is not a number"
    case .portOutOfRange: "the port is above 65535"
    case .domainToASCII: "the domain name is not valid"
    case .domainInvalidCodePoint: "the domain name has a character that no domain name may have"
    case .hostInvalidCodePoint: "the host has a character that no host may have"
    case .ipv4TooManyParts: "the host looks like an IPv4 address but has more than four parts"
    case .ipv4NonNumericPart: "the host looks like an IPv4 address but one of its parts is not a number"
    case .ipv4OutOfRangePart: "the host looks like an IPv4 address but one of its numbers is too large"
    case .ipv6Unclosed: "the IPv6 address has no closing bracket"
    case .ipv6InvalidCompression: "the IPv6 address begins with a single colon"
    case .ipv6TooManyPieces: "the IPv6 address has more than eight parts"
    case .ipv6MultipleCompression: "the IPv6 address has :: more than once"
    case .ipv6InvalidCodePoint: "the IPv6 address has a character that does not belong there"
    case .ipv6TooFewPieces: "the IPv6 address has fewer than eight parts and no ::"
    case .ipv4InIPv6TooManyPieces: "the IPv6 address has no room left for the IPv4 address at its end"
    case .ipv4InIPv6InvalidCodePoint: "the IPv4 address inside the IPv6 address is not written correctly"
    case .ipv4InIPv6OutOfRangePart: "the IPv4 address inside the IPv6 address has a number above 255"
    case .ipv4InIPv6TooFewParts: "the IPv4 address inside the IPv6 address has fewer than four parts"
    case .tooLong: "the address is too long to be read"
    case .domainTooLong: "the domain name is too long to be valid"
    }
  }
}
