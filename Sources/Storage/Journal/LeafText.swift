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
  static func middle(facts: TreeHash) -> [UInt8] {
    var bytes = Array(#""facts_commitment":""#.utf8)
    Hex.append(facts.bytes, to: &bytes)
    bytes.append(contentsOf: #"","index":"#.utf8)
    return bytes
  }

  /// `,"personal_commitment":…,"subject":"…","type":"…","version":…}`
  static func closing(personal: TreeHash?, subject: Identifier, type: String, version: Int) -> [UInt8] {
    var json = JSONWriter(reserving: 256)
    json.object { json in
      json.key("personal_commitment")
      if let personal { json.hex(personal.bytes) } else { json.null() }
      json.key("subject")
      json.identifier(subject)
      json.key("type")
      json.string(type)
      json.key("version")
      json.integer(Int64(version))
    }
    // The members follow others: the opening brace becomes a comma.
    var bytes = json.bytes
    bytes[0] = 0x2C
    return bytes
  }

  static func append(index: Int64, to bytes: inout [UInt8]) {
    let start = bytes.count
    var rest = index
    repeat {
      bytes.append(0x30 + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }
}
