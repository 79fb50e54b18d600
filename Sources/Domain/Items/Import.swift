/// One file of addresses being put on record; an unfinished one is taken up again where it stopped.
public struct Import: Sendable, Hashable {
  public let id: ID<Import>
  /// SHA-256 of the whole input.
  public let digest: [UInt8]
  /// The last input line whose event is on record; 0 when there is none.
  public let linesDone: Int64
  public let itemsNew: Int64
  public let sightings: Int64
  public let finishedAt: Instant?

  public init(
    id: ID<Import>, digest: [UInt8], linesDone: Int64, itemsNew: Int64, sightings: Int64, finishedAt: Instant?
  ) {
    self.id = id
    self.digest = digest
    self.linesDone = linesDone
    self.itemsNew = itemsNew
    self.sightings = sightings
    self.finishedAt = finishedAt
  }
}
