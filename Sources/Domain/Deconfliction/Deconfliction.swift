/// What was found out about others' work on an item before anything is sent (Article 14(1), recital 36).
public struct Deconfliction: Sendable, Hashable {
  public enum Result: String, Sendable, Hashable, CaseIterable {
    /// Nobody else has it.
    case none
    /// Another agency refers it already.
    case duplicate
    /// Another agency investigates and asks to wait.
    case interest
    /// It can't be told; a person decides.
    case unknown
  }

  public let item: ID<Item>
  /// The journal index of `item.deconflicted`.
  public let index: Int64
  public let result: Result
  /// After this instant the check must be made again.
  public let validUntil: Instant
  /// Until when somebody asked to wait; nil where nobody did, or where the hold was lifted.
  public let heldUntil: Instant?

  public init(item: ID<Item>, index: Int64, result: Result, validUntil: Instant, heldUntil: Instant?) {
    self.item = item
    self.index = index
    self.result = result
    self.validUntil = validUntil
    self.heldUntil = heldUntil
  }

  public func isHeld(at instant: Instant) -> Bool { heldUntil.map { $0 > instant } ?? false }

  /// Clears the item, or says why it can't be.
  public func clear(at instant: Instant) -> Result.Ruling {
    if let heldUntil, heldUntil > instant { return .held(until: heldUntil) }
    guard validUntil > instant else { return .outdated }
    return result == .duplicate ? .duplicate : .clear
  }
}

extension Deconfliction.Result {
  /// Whether an item may be sent, as far as others' work is concerned.
  public enum Ruling: Sendable, Hashable {
    case clear
    case held(until: Instant)
    case duplicate
    case outdated
  }
}

/// That an item was checked and nobody asks to wait: without it nothing is sent.
public struct Clearance: Sendable, Hashable {
  public let item: ID<Item>
  /// The journal index of `item.cleared`.
  public let index: Int64
  public let validUntil: Instant

  /// Only storage makes one, from what it reads in the transaction that sends.
  @_spi(Rehydrate)
  public init(item: ID<Item>, index: Int64, validUntil: Instant) {
    self.item = item
    self.index = index
    self.validUntil = validUntil
  }
}

/// That an agency investigates what stands at a locator and asks others to wait.
public enum Interest {}
