import API
public import ArgumentParser
import Casework
import Domain
public import Storage
import Wire

extension QueueKind: ExpressibleByArgument {}

/// `cordon queue`: what waits for whom.
struct QueueCommand: CordonCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue",
    abstract: "Lists the items that wait for a step.",
    discussion: """
      In the queue `confirm` your own assessments are left out.

      EXAMPLES
        cordon queue assess --data ./record --limit 20
        cordon queue confirm --data ./record --json \\
          | jq -c '{item: .id, assessment: .work.assessment.journal_index, agrees: true}'
      """)
  @OptionGroup var data: DataOptions
  @Argument(help: "The step.") var step: QueueKind
  @Option(help: "Only of the operation with this identifier or name.") var operation: String?
  @Option(help: "How many at most; all of them when it is not given.") var limit: Int?
  @Flag(help: "Prints one JSON object a line.") var json = false

  mutating func execute() async throws {
    let (installation, caller) = try await Installation.openAsCaller(data)
    var within: ID<Operation>?
    if let operation { within = try await installation.operation(operation, as: caller) }
    var left = limit ?? .max
    var after: Int64 = -1
    while left > 0 {
      let items = try await installation.desk.queue(
        step, operation: within, Page(after: after, limit: min(left, 1_000)), as: caller)
      guard let last = items.last else { return }
      let now = SystemClock().now()
      for item in items {
        let line = "\(item.id)  \(Terminal.shown(item.locator ?? "(erased)"))"
        Terminal.print(json ? JSONText.of(QueuedItemMessage(item, at: now).write) : line)
      }
      left -= items.count
      after = last.reportIndex
    }
  }
}
