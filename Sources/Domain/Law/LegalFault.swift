/// Why the law, or a rule of the house, refuses a command; the record stays as it was.
public struct LegalFault: Error, Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// What was handed in is not complete or contradicts itself.
    case invalid
    /// Something else has to happen first, or has happened already.
    case notNow
    /// The second person is the first one.
    case samePerson
    /// The authority has no competence for it.
    case notCompetent
  }

  public let kind: Kind
  /// Names the rule for programs, such as `first_contact`.
  public let code: String
  /// The provision, such as `Article 3(2)`; "house rule" where the law has none.
  public let article: String
  /// What is wrong and what to do next.
  public let message: String

  public init(_ kind: Kind, _ code: String, _ article: String, _ message: String) {
    self.kind = kind
    self.code = code
    self.article = article
    self.message = message
  }
}

extension LegalFault: CustomStringConvertible {
  public var description: String { "\(message) (\(article))" }
}

/// The rules of a machine, through which each of its refusals passes.
///
/// The program always asks all of them. A test takes one out to show that it is what keeps unlawful files from existing.
public struct Rules<Rule: Hashable & Sendable>: Sendable {
  private let suspended: Rule?

  public static var all: Rules { Rules(suspended: nil) }

  /// All but one; for tests alone.
  @_spi(RuleSeam)
  public static func all(but rule: Rule) -> Rules { Rules(suspended: rule) }

  /// Throws the fault where the rule is not kept.
  public func require(
    _ rule: Rule, _ isKept: Bool, or fault: @autoclosure () -> LegalFault
  ) throws(LegalFault) {
    guard isKept || suspended == rule else { throw fault() }
  }
}
