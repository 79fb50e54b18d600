public import Domain
public import TransparencyLog

/// The bytes that the journal's tree is built over: the event's header and the commitments to its payloads.
///
/// Canonical JSON (RFC 8785) with the members `actor, at, facts_commitment, index,
/// personal_commitment, subject, type, version`; stored as hashed and never written anew.
public struct Leaf: Sendable, Hashable {
  public let header: EventHeader
  public let factsCommitment: TreeHash
  /// Nil where the event has no personal part.
  public let personalCommitment: TreeHash?

  public init(header: EventHeader, factsCommitment: TreeHash, personalCommitment: TreeHash?) {
    self.header = header
    self.factsCommitment = factsCommitment
    self.personalCommitment = personalCommitment
  }

  public var bytes: [UInt8] {
    var bytes = LeafText.opening(actor: header.actor, at: header.at)
    LeafText.appendMiddle(facts: factsCommitment, to: &bytes)
    bytes += String(header.index).utf8
    LeafText.appendClosing(
      personal: personalCommitment, subject: header.subject, type: header.type, version: header.version, to: &bytes)
    return bytes
  }

  /// Reads stored leaf bytes; throws ``JSONFault`` where they are not a leaf.
  public init(parsing bytes: [UInt8]) throws(JSONFault) {
    let json = try JSONObject(parsing: bytes)
    header = EventHeader(
      index: try json.integer("index"), at: try json.instant("at"), type: try json.text("type"),
      version: Int(truncatingIfNeeded: try json.integer("version")), actor: try json.identifier("actor"),
      subject: try json.identifier("subject"))
    guard let facts = TreeHash(hex: try json.text("facts_commitment")) else { throw .wrongType("facts_commitment") }
    factsCommitment = facts
    if let text = try json.optionalText("personal_commitment") {
      guard let personal = TreeHash(hex: text) else { throw .wrongType("personal_commitment") }
      personalCommitment = personal
    } else {
      personalCommitment = nil
    }
  }
}
