import Domain

/// What looks found, and what stands in which relation.
extension Projector {
  func applyLook(_ event: any Event, header: EventHeader) throws {
    switch event {
    case let event as LooksMade: try project(event)
    case let event as ItemSeen: try project(event, header)
    case let event as ClaimContradicted: try mark("contradicted_idx", event.reportIndex, header)
    case let event as ItemReappeared: try mark("reappeared_idx", event.reportIndex, header)
    case let event as ItemRelated: try project(event, header)
    default: throw EventFault.unknownType(header.type)
    }
  }

  /// The next look of a watch, by how many were made.
  private static let nextLook: String = {
    let cases = LookSchedule.offsets.enumerated().dropFirst().map { position, seconds in
      "WHEN \(position - 1) THEN delivered_at + \(seconds * 1_000_000)"
    }
    // Looks that were missed while nothing ran are made up for one at a time, not in a burst.
    return """
      (SELECT CASE WHEN planned < ? THEN ? ELSE planned END
      FROM (SELECT CASE looks \(cases.joined(separator: " ")) END AS planned) AS plan)
      """
  }()

  private func project(_ event: LooksMade) throws {
    let verdicts = event.verdicts.map { Verdict(letter: $0) }
    guard verdicts.count == event.items.count else { throw EventFault.malformed("looks.made") }
    let earliest = event.lookedAt.adding(seconds: LookSchedule.leastGapSeconds)
    for (item, verdict) in zip(event.items, verdicts) {
      let lastLiveAt = verdict?.isThere == true ? event.lookedAt.microseconds : nil
      // A look by hand is none of the nine.
      let scheduled = event.isByHand ? "" : "looks = looks + 1, next_look_at = \(Self.nextLook),"
      try connection.submit(
        "UPDATE watches SET \(scheduled) last_live_at = coalesce(?, last_live_at) WHERE item = ?",
        (event.isByHand ? [] : [.instant(earliest), .instant(earliest)]) + [.optional(lastLiveAt), .integer(item)])
    }
  }

  private func project(_ event: ItemSeen, _ header: EventHeader) throws {
    let gone = event.verdict.isGone
    let there = event.verdict.isThere
    // The first time that it was seen gone stays, until it is seen there again; so does that time's leaf.
    try connection.submit(
      """
      UPDATE watches SET verdict = ?, seen_idx = ?, title = coalesce(?, title),
        first_gone_at = CASE WHEN ? = 1 THEN NULL WHEN ? = 1 THEN coalesce(first_gone_at, ?) ELSE first_gone_at END,
        gone_idx = CASE WHEN ? = 1 AND first_gone_at IS NULL THEN ? ELSE gone_idx END
      WHERE item = ?
      """,
      [
        .text(event.verdict.rawValue), .integer(header.index), event.title.map(Value.blob) ?? .null,
        .integer(there ? 1 : 0), .integer(gone ? 1 : 0), .instant(event.seenAt), .integer(gone ? 1 : 0),
        .integer(header.index), .integer(event.reportIndex),
      ])
  }

  private func mark(_ column: String, _ item: Int64, _ header: EventHeader) throws {
    try connection.submit(
      "UPDATE watches SET \(column) = ? WHERE item = ?",
      [.integer(header.index), .integer(item)])
  }

  private func project(_ event: ItemRelated, _ header: EventHeader) throws {
    try connection.submit(
      """
      INSERT INTO relations (item, original, relation, idx) VALUES (?, (SELECT row FROM items WHERE id = ?), ?, ?)
      ON CONFLICT (item, original) DO UPDATE SET relation = excluded.relation, idx = excluded.idx
      """,
      [
        .integer(event.reportIndex), .identifier(event.original.identifier), .text(event.relation.rawValue),
        .integer(header.index),
      ])
  }
}
