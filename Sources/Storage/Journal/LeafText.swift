import Domain
import TransparencyLog

/// The canonical JSON of a leaf in the pieces in which it becomes known.
///
/// What an event says itself is written when it is sealed; actor and instant are those of a whole body;
/// only the index is left for the lane to add.
enum LeafText {
  /// `{"actor":"…","at":"…",`
  static func opening(actor: Identifier, at: Instant) -> [UInt8] {
    var bytes = Array(#"{"actor":""#.utf8)
    actor.appendText(to: &bytes)
    bytes.append(contentsOf: #"","at":""#.utf8)
    bytes.append(contentsOf: at.rfc3339)
    bytes.append(contentsOf: #"","#.utf8)
    return bytes
  }

  /// `"facts_commitment":"…","index":`
  static func appendMiddle(facts: TreeHash, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: #""facts_commitment":""#.utf8)
    facts.withBytes { Hex.append($0, to: &bytes) }
    bytes.append(contentsOf: #"","index":"#.utf8)
  }

  /// `,"personal_commitment":…,"subject":"…","type":"…","version":…}`
  ///
  /// A type is a code of ours and needs no escaping.
  static func appendClosing(
    personal: TreeHash?, subject: Identifier, type: String, version: Int, to bytes: inout [UInt8]
  ) {
    bytes.append(contentsOf: #","personal_commitment":"#.utf8)
    if let personal {
      bytes.append(0x22)
      personal.withBytes { Hex.append($0, to: &bytes) }
      bytes.append(0x22)
    } else {
      bytes.append(contentsOf: "null".utf8)
    }
    bytes.append(contentsOf: #","subject":""#.utf8)
    subject.appendText(to: &bytes)
    bytes.append(contentsOf: #"","type":""#.utf8)
    bytes.append(contentsOf: type.utf8)
    bytes.append(contentsOf: #"","version":"#.utf8)
    bytes.append(contentsOf: String(version).utf8)
    bytes.append(0x7D)
  }
}
