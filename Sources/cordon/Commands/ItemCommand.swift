import ArgumentParser
import Casework
import Domain
import Storage

/// `cordon item`: what is on record.
struct ItemCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "item", abstract: "Lists, shows and erases items.",
    subcommands: [List.self, Show.self, History.self, Erase.self])

  struct List: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists items in the order in which they were first reported.",
      discussion: """
        EXAMPLES
          cordon item list --data ./record --limit 20
          cordon item list --data ./record --json | jq -r .locator
        """)
    @OptionGroup var data: DataOptions
    @Option(help: "How many at most; all of them when it is not given.") var limit: Int?
    @Flag(help: "Prints one JSON object a line.") var json = false

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      var left = limit ?? .max
      var after: Int64 = -1
      while left > 0 {
        let items = try await installation.desk.items(Page(after: after, limit: min(left, 1_000)), as: caller)
        guard let last = items.last else { return }
        for item in items { Terminal.print(json ? ItemLine.json(item) : ItemLine.text(item)) }
        left -= items.count
        after = last.reportIndex
      }
    }
  }

  struct Show: CordonCommand {
    static let configuration = CommandConfiguration(abstract: "Shows an item.")
    @OptionGroup var data: DataOptions
    @Argument(help: "The item's identifier.") var item: String

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      Terminal.print(ItemLine.json(try await installation.desk.item(try itemID(item), as: caller)))
    }
  }

  struct Erase: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Erases the personal parts of all that was recorded about an item.",
      discussion: """
        The facts, every leaf and every proof stay; the address, notes and sources are gone from the database, its
        free pages and its log. Backups are yours to age out. This can't be undone.

        EXAMPLE
          cordon item erase 0195… --basis led-16 --data ./record
        """)
    @OptionGroup var data: DataOptions
    @Argument(help: "The item's identifier.") var item: String
    @Option(help: "led-16, gdpr-17, eudpr-82 or retention.") var basis: ErasureBasis

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      let erased = try await installation.desk.eraseItem(try itemID(item), basis: basis, as: caller)
      Terminal.print("Erased the personal part of \(erased.count) journal entries.")
    }
  }
}

extension CordonCommand {
  func itemID(_ text: String) throws -> ID<Item> {
    guard let id = ID<Item>(text) else {
      throw CommandFailure(.usage, "this is not an item's identifier: `cordon item list` shows them")
    }
    return id
  }
}
