/// A text with signature lines below it (C2SP signed-note).
public struct SignedNote: Sendable, Hashable {
  /// The signed text; ends with a line feed.
  public let text: String
  public let signatures: [Signature]

  /// One signature line: who says to have signed, and the four bytes that name the key.
  public struct Signature: Sendable, Hashable {
    public let name: String
    public let keyID: UInt32
    public let bytes: [UInt8]
  }

  /// `text` must end with a line feed.
  public init(text: String, signatures: [Signature]) {
    self.text = text
    self.signatures = signatures
  }

  /// Reads a note; throws ``NoteFault`` where it is not one.
  public init(parsing note: String) throws(NoteFault) {
    guard let gap = note.range(ofLast: "\n\n") else { throw .noSignatures }
    text = String(note[..<note.index(after: gap)])
    var signatures: [Signature] = []
    for line in note[gap...].split(separator: "\n") { signatures.append(try Self.signature(line)) }
    guard !signatures.isEmpty, note.hasSuffix("\n") else { throw .noSignatures }
    self.signatures = signatures
  }

  /// The note as it is stored and published.
  public var encoded: String {
    let lines = signatures.map { signature in
      let key = (0..<4).map { UInt8(truncatingIfNeeded: signature.keyID >> UInt32(24 - 8 * $0)) }
      return "\u{2014} \(signature.name) \(Base64.encode(key + signature.bytes))\n"
    }
    return text + "\n" + lines.joined()
  }

  private static func signature(_ line: Substring) throws(NoteFault) -> Signature {
    let parts = line.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "\u{2014}", !parts[1].isEmpty, let bytes = Base64.decode(parts[2]),
      bytes.count > 4
    else { throw .malformedSignature(String(line)) }
    let keyID = bytes.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return Signature(name: String(parts[1]), keyID: keyID, bytes: Array(bytes.dropFirst(4)))
  }
}

/// Why a text is not a note, or not one that a key signed.
public enum NoteFault: Error, Sendable, Hashable, CustomStringConvertible {
  case noSignatures
  case malformedSignature(String)
  case malformedKey
  case notSigned(by: String)
  case badSignature(of: String)
  case malformedCheckpoint
  case malformedProof

  public var description: String {
    switch self {
    case .noSignatures: "the note has no signature lines"
    case .malformedSignature(let line): "this is not a signature line: \(line)"
    case .malformedKey: "this is not a signed-note key"
    case .notSigned(let name): "the note is not signed by the key \(name)"
    case .badSignature(let name): "the signature of \(name) does not fit the text: one of them was changed"
    case .malformedCheckpoint: "the text is not a checkpoint: origin, size and root on a line each"
    case .malformedProof: "the text is not a transparency log proof"
    }
  }
}

extension String {
  /// Where the last occurrence of a text begins.
  fileprivate func range(ofLast text: String) -> Index? {
    var position = endIndex
    while position > startIndex {
      position = index(before: position)
      if self[position...].utf8.starts(with: text.utf8) { return position }
    }
    return nil
  }
}
