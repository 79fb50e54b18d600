public import Domain

/// One entry of a pack's `locators:`: the shapes that an item's address has, and its canonical form.
public struct LocatorRule: Sendable {
  /// The shapes as the pack writes them.
  public let sources: [String]
  /// The canonical form, or what is unwrapped, as the pack writes it.
  public let canonicalSource: String
  public let kind: ItemKind
  let patterns: [LocatorPattern]
  let outcome: Outcome

  /// What a match leads to.
  enum Outcome: Sendable {
    /// An address built from the template.
    case canonical(AddressTemplate)
    /// The same for a copy of the page whose address the slot holds.
    case archiveCopy(AddressTemplate, original: Int)
    /// The address inside this one, found in its own right.
    case unwrap(AddressTemplate)
  }
}

/// Text with variables, from which a matched address is written anew.
struct AddressTemplate: Sendable {
  enum Token: Sendable {
    case literal([UInt8])
    case variable(slot: Int, folds: Bool)
  }

  var tokens: [Token] = []
  /// Where the host lies in the text, when it has no variable in it.
  var fixedHost: [UInt8]?
  /// The registrable domain of that host.
  var registrableDomain: String?

  /// Writes the address; `replacing` gives another text for one slot.
  func write(
    _ bytes: UnsafeBufferPointer<UInt8>, _ captures: Captures, replacing: (slot: Int, text: [UInt8])? = nil
  ) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(64 + (replacing?.text.count ?? 0))
    for token in tokens {
      switch token {
      case .literal(let text): output.append(contentsOf: text)
      case .variable(let slot, let folds):
        if let replacing, replacing.slot == slot {
          output.append(contentsOf: replacing.text)
        } else if let range = captures[slot] {
          let start = output.count
          output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[range]))
          if folds { Self.fold(&output, from: start) }
        }
      }
    }
    return output
  }

  /// Whether `bytes` already are what `write` would write.
  func equals(_ bytes: UnsafeBufferPointer<UInt8>, _ captures: Captures) -> Bool {
    var position = 0
    for token in tokens {
      switch token {
      case .literal(let text):
        guard bytes.count - position >= text.count, ASCII.equals(bytes, position, text) else { return false }
        position += text.count
      case .variable(let slot, let folds):
        // The same text may stand elsewhere in the address; writing it anew is right then too.
        guard let range = captures[slot], range.lowerBound == position else { return false }
        if folds && bytes[range].contains(where: { $0 &- 0x41 < 26 }) { return false }
        position = range.upperBound
      }
    }
    return position == bytes.count
  }

  /// Lower-cases ASCII letters from `start` on, and leaves percent escapes in upper case.
  private static func fold(_ output: inout [UInt8], from start: Int) {
    var index = start
    while index < output.count {
      if output[index] == UInt8(ascii: "%") {
        index += 3
      } else {
        output[index] = ASCII.lowercased(output[index])
        index += 1
      }
    }
  }
}
