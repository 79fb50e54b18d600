import Domain
public import Storage
import TransparencyLog

/// A journal row as one line of the export: enough for an outsider to recompute leaf and root.
///
/// `docs/journal-format.md` is the format's description.
public enum JournalLine {
  /// One JSON object without the line feed; throws where the stored bytes are not a leaf.
  public static func encode(_ row: StoredEvent) throws -> [UInt8] {
    let leaf = try Leaf(parsing: row.leaf)
    var json = JSONWriter(reserving: 1_024)
    json.object { json in
      json.key("actor")
      json.identifier(leaf.header.actor)
      json.key("at")
      json.instant(leaf.header.at)
      json.key("facts")
      json.string(utf8: row.facts)
      json.key("facts_commitment")
      json.hex(leaf.factsCommitment.bytes)
      json.key("facts_salt")
      json.hex(row.factsSalt)
      json.key("index")
      json.integer(leaf.header.index)
      json.key("leaf_hash")
      json.hex(Merkle.leafHash(row.leaf).bytes)
      json.key("personal")
      if let personal = row.personal { json.string(utf8: personal) } else { json.null() }
      json.key("personal_commitment")
      if let commitment = leaf.personalCommitment { json.hex(commitment.bytes) } else { json.null() }
      json.key("personal_salt")
      if let salt = row.personalSalt { json.hex(salt) } else { json.null() }
      json.key("subject")
      json.identifier(leaf.header.subject)
      json.key("type")
      json.string(leaf.header.type)
      json.key("version")
      json.integer(Int64(leaf.header.version))
    }
    return json.bytes
  }
}
