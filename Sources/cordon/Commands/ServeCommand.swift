import API
import ArgumentParser
import Casework
import Console
import Domain
import Gateways
import Locators
import Logging
import Meters
import Storage
import Workers

/// `cordon serve`: the HTTP API of a record.
struct ServeCommand: CordonCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serves the console and the HTTP API; its description is at /openapi.yaml.",
    discussion: """
      Listens on this machine alone unless --host says otherwise; put a proxy that speaks TLS in front of it.
      Any number of processes serve one record, each with the roles that --roles gives it. Stops within ten seconds
      of SIGTERM or Ctrl-C and hands its work to the others; a second signal ends it at once.

      EXAMPLES
        cordon serve --data ./record --port 8080
        cordon serve --data ./record --port 8081 --roles dispatch,looks
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

  @Option(
    help: ArgumentHelp(
      "What this process does: any of web, dispatch, looks, deadlines, checkpoints. All of it unless said.",
      valueName: "list"))
  var roles: String?

  @Flag(help: "The same as --roles web, and no page is looked at by hand either.")
  var withoutWorkers = false

  @Option(help: "How many seconds the work of a process that is gone stays with it: 2 to 600.")
  var leaseSeconds: Int64 = LeaseKeeper.standardSeconds

  @Option(
    help: ArgumentHelp(
      "An address that may read /metrics beside this machine's own; may be repeated.", valueName: "ip"))
  var metricsPeer: [String] = []

  mutating func execute() async throws {
    let roles = try chosenRoles()
    guard (0...65_535).contains(port) else { throw CommandFailure(.usage, "--port is 0 to 65535") }
    guard (2...600).contains(leaseSeconds) else { throw CommandFailure(.usage, "--lease-seconds is 2 to 600") }
    let signals = StopSignals()
    let installation = try await Installation.openOrFound(data)
    let logger = Logger(label: "cordon") { _ in JSONLog() }
    // The record of an exercise lies years ahead, and its addresses are nobody's: nothing of it leaves the machine.
    let isExercise = ExerciseHouse.isExercise(installation.directory)
    let policy = try range.map { try RangeAddress.policy($0, packs: installation.desk.locators.packs) } ?? .publicWeb
    let prober = HTTPProber(packs: installation.desk.locators.packs, policy: policy)
    let metrics = MetricsCollector.metrics(for: installation.desk.store)
    let workers = try await ServeWorkers(
      isExercise ? [] : roles, for: installation, policy: policy, prober: prober, leaseSeconds: leaseSeconds,
      metrics: metrics, logger: logger)
    let server = try await server(
      installation, roles: roles, prober: withoutWorkers || isExercise ? nil : prober, metrics, logger)
    try await run(server, workers, until: signals, logger)
    try installation.engine.close()
  }

  private func chosenRoles() throws -> Set<ServeRole> {
    guard withoutWorkers else { return try roles.map { try ServeRole.parse($0) } ?? Set(ServeRole.allCases) }
    guard roles == nil else { throw CommandFailure(.usage, "--without-workers is --roles web: give one of the two") }
    return [.web]
  }

  private func server(
    _ installation: Installation, roles: Set<ServeRole>, prober: (any Prober)?, _ metrics: ServeMetrics,
    _ logger: Logger
  ) async throws -> APIServer {
    let pages = ConsolePages(desk: installation.desk)
    let collector = MetricsCollector(
      metrics: metrics, desk: installation.desk, owner: try await installation.desk.owner())
    return APIServer(
      desk: installation.desk, host: host, port: port, logger: logger, pages: { pages.addRoutes(to: $0) },
      prober: prober,
      monitoring: Monitoring(metrics: metrics, peers: Set(metricsPeer)) { await collector.collect() },
      isWeb: roles.contains(.web)
    ) { [host] port in Terminal.print("Listening on http://\(host):\(port)") }
  }

  /// How long what is under way may take once the end was asked for; a provider may hold a request longer.
  private static let secondsToFinish = 7
  private static let secondsToHandBack = 2

  private func run(_ server: APIServer, _ workers: ServeWorkers, until signals: StopSignals, _ logger: Logger)
    async throws
  {
    let working = Task { await workers.run() }
    let serving = Task {
      defer { signals.stop() }
      do { try await server.run { await signals.wait() } } catch let fault as APIServerFault {
        throw CommandFailure(.unavailable, fault.description)
      }
    }
    await signals.wait()
    working.cancel()
    let isDone = await Patience.wait(atMost: Self.secondsToFinish) {
      await working.value
      _ = await serving.result
    }
    if !isDone { logger.warning("stopped while something was under way; it is taken up again by key") }
    _ = await Patience.wait(atMost: Self.secondsToHandBack) { await workers.handBack() }
    if isDone { try await serving.value }
  }
}
