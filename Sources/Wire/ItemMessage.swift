public import Domain

/// An item as the HTTP API and `--json` show it.
public enum ItemMessage {
  public static func write(_ item: Item, to json: inout JSONWriter) {
    json.object { json in
      json.key("first_reported_at")
      json.instant(item.firstReportedAt)
      json.key("handling")
      json.string(item.handling.rawValue)
      json.key("id")
      json.identifier(item.id.identifier)
      json.key("journal_index")
      json.integer(item.reportIndex)
      json.key("kind")
      json.string(item.kind.rawValue)
      json.key("last_sighted_at")
      json.instant(item.lastSightedAt)
      json.key("locator")
      // Null once it was erased.
      if let locator = item.locator { json.string(locator) } else { json.null() }
      json.key("operation")
      if let operation = item.operation { json.identifier(operation.identifier) } else { json.null() }
      json.key("owner")
      json.identifier(item.owner.identifier)
      json.key("provider")
      json.identifier(item.provider.identifier)
      json.key("sharing")
      json.string(item.sharing.rawValue)
      json.key("sightings")
      json.integer(item.sightings)
    }
  }
}
