public import Domain
public import TransparencyLog

/// An event with its payload bytes, salts and commitments made: all of its leaf but index, instant and actor.
///
/// Sealing is the costly half of recording and needs no database, so that imports do it beside the lane.
public struct SealedEvent: Sendable {
  public let event: any Event
  public let facts: Payload
  /// Nil where the event has no personal part.
  public let personal: Payload?

  let leafMiddle: [UInt8]
  let leafClosing: [UInt8]

  /// The exact bytes that are hashed, with their salt.
  public struct Payload: Sendable, Hashable {
    public let bytes: [UInt8]
    public let salt: [UInt8]
    public let commitment: TreeHash

    init(bytes: [UInt8], random: some RandomSource) {
      self.bytes = bytes
      let words = random.words()
      salt = Identifier(high: words.0, low: words.1).bytes
      commitment = PayloadCommitment.commit(salt: salt, payload: bytes)
    }
  }

  public init(_ event: some Event, random: some RandomSource) {
    self.event = event
    var facts = JSONWriter(reserving: 384)
    facts.object { event.writeFacts(&$0) }
    self.facts = Payload(bytes: facts.bytes, random: random)
    var personal = JSONWriter(reserving: 192)
    personal.object { event.writePersonal(&$0) }
    // An object without members is two bytes: `{}`.
    self.personal = personal.bytes.count > 2 ? Payload(bytes: personal.bytes, random: random) : nil
    let eventType = Swift.type(of: event)
    leafMiddle = LeafText.middle(facts: self.facts.commitment)
    leafClosing = LeafText.closing(
      personal: self.personal?.commitment, subject: event.subject, type: eventType.type.rawValue,
      version: eventType.version)
  }
}
