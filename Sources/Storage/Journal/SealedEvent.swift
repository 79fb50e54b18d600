public import Domain
import TransparencyLog

/// An event with its payload bytes, salts and commitments made: all of its leaf but index, instant and actor.
///
/// Sealing is the costly half of recording and needs no database, so that imports do it beside the lane.
public struct SealedEvent: Sendable {
  public let event: any Event
  let factsSalt: Identifier
  /// Nil where the event has no personal part.
  let personalSalt: Identifier?
  /// Facts, personal part, and the leaf before and behind its index, in one piece: an import seals millions.
  private let bytes: [UInt8]
  private let factsEnd: Int
  private let personalEnd: Int
  private let middleEnd: Int

  public init(_ event: some Event, random: some RandomSource) {
    // Room for the leaf's pieces too.
    var json = JSONWriter(reserving: 960)
    json.object { event.writeFacts(&$0) }
    factsEnd = json.bytes.count
    json.beginText()
    json.object { event.writePersonal(&$0) }
    personalEnd = json.bytes.count
    var bytes = json.finish()
    factsSalt = Self.salt(random)
    let facts = Self.commit(bytes[..<factsEnd], salt: factsSalt)
    // An object without members is two bytes: `{}`.
    personalSalt = personalEnd - factsEnd > 2 ? Self.salt(random) : nil
    let personal = personalSalt.map { [personalEnd, factsEnd] in Self.commit(bytes[factsEnd..<personalEnd], salt: $0) }
    LeafText.appendMiddle(facts: facts, to: &bytes)
    middleEnd = bytes.count
    let eventType = Swift.type(of: event)
    LeafText.appendClosing(
      personal: personal, subject: event.subject, type: event.type.rawValue, version: eventType.version, to: &bytes)
    self.bytes = bytes
    self.event = event
  }

  /// The exact bytes of the facts that are hashed.
  var facts: ArraySlice<UInt8> { bytes[..<factsEnd] }
  /// The exact bytes of the personal part that are hashed.
  var personal: ArraySlice<UInt8>? { personalSalt == nil ? nil : bytes[factsEnd..<personalEnd] }
  var leafMiddle: ArraySlice<UInt8> { bytes[personalEnd..<middleEnd] }
  var leafClosing: ArraySlice<UInt8> { bytes[middleEnd...] }

  private static func salt(_ random: some RandomSource) -> Identifier {
    let words = random.words()
    return Identifier(high: words.0, low: words.1)
  }

  private static func commit(_ payload: ArraySlice<UInt8>, salt: Identifier) -> TreeHash {
    salt.withBytes { salt in payload.withUnsafeBytes { PayloadCommitment.commit(salt: salt, payload: $0) } }
  }
}
