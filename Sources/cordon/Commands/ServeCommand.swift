import API
import ArgumentParser
import Casework
import Console
import Gateways
import Locators
import Logging
import Storage
import Workers

/// `cordon serve`: the HTTP API of a record.
struct ServeCommand: CordonCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serves the console and the HTTP API; its description is at /openapi.yaml.",
    discussion: """
      Listens on this machine alone unless --host says otherwise; put a proxy that speaks TLS in front of it.
      Stops at SIGTERM or Ctrl-C once what was begun is done.

      EXAMPLES
        cordon serve --data ./record --port 8080
        curl -H "Authorization: Bearer $CORDON_TOKEN" http://127.0.0.1:8080/api/v1/items
      """)

  @OptionGroup var data: DataOptions

  @Option(help: "The port; 0 lets the system choose one.")
  var port: Int = 8080

  @Option(help: "The address to listen on.")
  var host: String = "127.0.0.1"

  @Option(
    help: ArgumentHelp(
      "For tests: the loopback address and port of a range; nothing else is reached.", valueName: "ip:port"))
  var range: String?

  @Flag(help: "Serves pages and API alone: nothing is sent and nothing is looked at.")
  var withoutWorkers = false

  mutating func execute() async throws {
    guard (0...65_535).contains(port) else { throw CommandFailure(.usage, "--port is 0 to 65535") }
    let installation = try await Installation.openOrFound(data)
    let logger = Logger(label: "cordon") { _ in JSONLog() }
    let pages = ConsolePages(desk: installation.desk)
    // The record of an exercise lies years ahead, and its addresses are nobody's: nothing of it leaves the machine.
    let isAlone = withoutWorkers || ExerciseHouse.isExercise(installation.directory)
    let policy = try range.map { try RangeAddress.policy($0, packs: installation.desk.locators.packs) } ?? .publicWeb
    let prober = HTTPProber(packs: installation.desk.locators.packs, policy: policy)
    let workers =
      isAlone
      ? nil : try await ServeWorkers.loop(for: installation, policy: policy, prober: prober, logger: logger)
    let server = APIServer(
      desk: installation.desk, host: host, port: port, logger: logger, pages: { pages.addRoutes(to: $0) },
      prober: isAlone ? nil : prober
    ) { [host] port in Terminal.print("Listening on http://\(host):\(port)") }
    let working = Task { await workers?.run() }
    do { try await server.run() } catch let fault as APIServerFault {
      throw CommandFailure(.unavailable, fault.description)
    }
    working.cancel()
    await working.value
    try installation.engine.close()
  }
}
