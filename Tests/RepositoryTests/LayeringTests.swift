import Testing

/// The module map of `docs/architecture.md`, held against the imports of every file.
@Suite("The layers")
struct LayeringTests {
  /// What a module may import beside the standard library, each with the reason.
  ///
  /// An arrow that is missing here is a decision: add it with its reason, or do without.
  static let map: [String: [String: String]] = [
    "Domain": [:],
    "Locators": [
      "Domain": "a locator has an item's kind",
      "CIDN2": "international host names, from Debian",
      "CPSL": "public suffixes, from Debian",
      "CResources": "the shipped packs are inside the binary",
      "Synchronization": "the last registrable domains are kept for everybody",
      "Swift": "normalization form C, which the standard library keeps behind an underscore",
      "Yams": "packs are YAML",
    ],
    "TransparencyLog": ["Crypto": "SHA-256 and Ed25519"],
    "ExchangeFormats": [:],
    "Storage": [
      "Domain": "what is stored are its events",
      "TransparencyLog": "the journal is a tree",
      "Crypto": "verification recomputes digests",
      "Dispatch": "verification hashes leaves on all cores",
      "Synchronization": "the lane's queue is behind a lock",
    ],
    "SQLiteEngine": [
      "Domain": "identifiers are bound as sixteen bytes",
      "Storage": "it is an engine of the store",
      "GRDB": "opens SQLite and owns its connections",
      "Dispatch": "the log is copied back on a thread of its own",
      "Synchronization": "the writer and that thread share the log's length",
      "GRDBSQLite": "binds and steps without boxing values",
      "Foundation": "asks for the file's size before anything opens it",
    ],
    "PostgresEngine": [
      "Domain": "identifiers are bound as sixteen bytes",
      "Storage": "it is an engine of the store",
      "CPQ": "libpq, PostgreSQL's own client library, from Debian",
      "Dispatch": "each connection has a queue on which it may wait",
      "Glibc": "the listening connection waits for its socket",
      "Synchronization": "the free connections are behind a lock",
    ],
    "Casework": [
      "Domain": "use cases speak of its nouns",
      "Locators": "intake makes canonical locators",
      "TransparencyLog": "checkpoints and proofs are use cases",
      "ExchangeFormats": "intake reads files",
      "Storage": "use cases read and record",
      "Crypto": "keyed digests and signatures",
      "CryptoExtras": "scrypt",
      "Synchronization": "what an import shares between its tasks is behind a lock",
    ],
    "Meters": ["Synchronization": "what is counted is behind a lock"],
    "Wire": ["Domain": "messages carry identifiers and instants"],
    "Workers": [
      "Casework": "what is due is done by use cases",
      "Meters": "what was done is counted",
      "Wire": "deliveries and their replies",
      "Domain": "couriers and probers are ports",
      "Storage": "types of what waits; no SQL",
      "Locators": "packs say by which channel a provider takes referrals",
      "Crypto": "deliveries are named by what they carry",
      "Synchronization": "leases and pauses after failed requests, behind a lock",
    ],
    "Forms": [
      "Casework": "what a report says is compiled there",
      "Domain": "instants, codes and JSON",
      "Storage": "types of figures; no SQL",
    ],
    "Gateways": [
      "Domain": "it is the real side of its ports",
      "Locators": "addresses are parsed and packs say what gone looks like",
      "Crypto": "digests of pages and signatures of webhooks",
      "CZlib": "pages come compressed",
      "Foundation": "Base64 of signatures",
      "Glibc": "names are resolved and addresses read by the system",
      "NIOCore": "connections; decision 0013 says why no client library",
      "NIOPosix": "opens connections",
      "NIOSSL": "TLS with verified certificates",
    ],
    "Exercise": [
      "Casework": "whoever acts in it acts through use cases",
      "Workers": "called at its own time",
      "Domain": "instants, draws, ports",
      "Storage": "types of what was read, figures; no SQL",
      "Locators": "packs of the providers it plays with",
      "TransparencyLog": "the journal's root",
      "Crypto": "everything is drawn by HMAC",
      "Synchronization": "its clock and randomness are shared between tasks",
    ],
    "API": [
      "Forms": "reports as JSON",
      "Meters": "requests are counted, and the figures are served",
      "Casework": "a route calls a use case",
      "Wire": "messages",
      "Domain": "identifiers and instants",
      "Storage": "types of what was read; no SQL",
      "Locators": "faults of addresses are told to the client",
      "TransparencyLog": "tiles and checkpoints are served",
      "Crypto": "digests of idempotency keys and bodies",
      "Synchronization": "remembered callers",
      "Hummingbird": "the server",
      "HTTPTypes": "methods, fields and statuses",
      "NIOCore": "byte buffers of bodies, and where a request comes from",
      "ServiceLifecycle": "the server ends when the program says so",
      "Logging": "the server's log",
      "CResources": "the description of the interface is inside the binary",
    ],
    "Console": [
      "Casework": "a page calls use cases",
      "Domain": "identifiers, codes, instants",
      "Storage": "types of what was read; no SQL",
      "TransparencyLog": "leaf hashes and proofs are shown",
      "Crypto": "tokens against forged forms",
      "CResources": "words, styles and scripts are inside the binary",
      "Hummingbird": "the server",
      "HTTPTypes": "methods, fields and statuses",
      "NIOCore": "byte buffers of bodies",
      "ServiceLifecycle": "the live board's streams end when the server stops",
      "Logging": "the server's log",
    ],
    "Range": [
      "Domain": "instants, kinds of item, outcomes, JSON",
      "Locators": "the packs say whose host it is, and an odd spelling is led to its address",
      "Wire": "messages from and to providers",
      "Crypto": "everything is drawn by HMAC; webhooks are signed",
      "Synchronization": "the state is behind a lock",
      "NIOCore": "the server",
      "NIOHTTP1": "the server's protocol",
      "NIOPosix": "the server's sockets",
      "Dispatch": "signals that end it",
      "Foundation": "makes its directory",
      "Glibc": "files that are only appended to, and a logarithm",
    ],
  ]

  /// The program puts everything together, so that it may import what it likes, but for the rules below.
  static let program = "cordon"

  static let pure = ["Domain", "Locators", "TransparencyLog", "ExchangeFormats", "Wire", "Meters"]

  private let repository = Repository.here

  @Test("every module stands in the map")
  func everyModuleIsInTheMap() {
    #expect(!repository.modules.isEmpty)
    for module in repository.modules where module != Self.program {
      #expect(Self.map[module] != nil, "\(module) has no row in LayeringTests.map")
    }
  }

  @Test("a module imports only what the map allows it", arguments: Repository.here.modules)
  func importsFollowTheMap(module: String) {
    guard module != Self.program, let allowed = Self.map[module] else { return }
    for source in repository.sources(of: module) {
      for (line, name, _) in source.imports where allowed[name] == nil {
        Issue.record("\(source.path):\(line.number): \(module) may not import \(name)")
      }
    }
  }

  @Test("the map has no circles")
  func theMapHasNoCircles() {
    var settled: Set<String> = []
    var waiting = Self.map.mapValues { Set($0.keys).intersection(Self.map.keys) }
    while let next = waiting.first(where: { $0.value.isSubset(of: settled) })?.key {
      settled.insert(next)
      waiting[next] = nil
    }
    #expect(waiting.isEmpty, "these wait for each other: \(waiting.keys.sorted())")
  }

  @Test("only an engine knows its driver")
  func theDriverIsKnownToItsEngineAlone() {
    for module in repository.modules where module != "SQLiteEngine" {
      forbid(in: module, because: "the driver belongs to SQLiteEngine") {
        $0.hasPrefix("GRDB") || $0 == "SQLite3"
      }
    }
    for module in repository.modules where module != "PostgresEngine" {
      forbid(in: module, because: "the driver belongs to PostgresEngine") {
        $0 == "CPQ"
      }
    }
  }

  @Test("network libraries stay at the edge: API, Console, Gateways, Range, Wire and the program")
  func theNetworkStaysAtTheEdge() {
    let network = ["Hummingbird", "NIO", "HTTPTypes", "AsyncHTTPClient", "FoundationNetworking"]
    let edge = ["API", "Console", "Gateways", "Range", "Wire", Self.program]
    for module in repository.modules where !edge.contains(module) {
      // A body in the write lane must not be able to wait for somebody else's machine.
      forbid(in: module, because: "it must not reach the network") { name in
        network.contains { name.hasPrefix($0) }
      }
    }
  }

  @Test("SQL is written in Storage and its engines, and nowhere else")
  func sqlStaysInStorage() {
    let marks = [
      "SELECT ", "INSERT INTO ", "DELETE FROM ", "CREATE TABLE ", "CREATE INDEX ", "PRAGMA ",
      "BEGIN IMMEDIATE",
    ]
    for module in repository.modules where !["Storage", "SQLiteEngine", "PostgresEngine"].contains(module) {
      for source in repository.sources(of: module) {
        for line in source.lines where !line.isOnlyComment && marks.contains(where: line.text.contains) {
          Issue.record("\(source.path):\(line.number): SQL outside Storage")
        }
      }
    }
  }

  @Test("pure modules have no clock, no randomness and no input or output", arguments: pure)
  func pureModulesStayPure(module: String) {
    let marks = [
      "Date()", "Date.now", "ContinuousClock", "SuspendingClock", "SystemRandomNumberGenerator",
      ".random(in:",
      "FileManager", "FileHandle", "ProcessInfo", "getenv(", "print(", "fopen(",
    ]
    for source in repository.sources(of: module) {
      for line in source.lines {
        for mark in marks where line.code.contains(mark) {
          Issue.record("\(source.path):\(line.number): \(mark) in a pure module")
        }
      }
    }
  }

  @Test("no module passes another one on as its own")
  func nothingIsReexported() {
    for module in repository.modules {
      for source in repository.sources(of: module) {
        for (line, name, attributes) in source.imports where attributes.contains("@_exported") {
          Issue.record("\(source.path):\(line.number): \(name) is exported again")
        }
      }
    }
  }

  @Test("tests use modules as their users do")
  func testsUsePublicInterfaces() {
    for path in repository.paths(under: "Tests/", endingIn: ".swift") {
      let source = SwiftSource(path: path, text: repository.text(path) ?? "")
      for (line, name, attributes) in source.imports where attributes.contains("@testable") {
        Issue.record("\(path):\(line.number): \(name) is imported with its insides; see decision 0012")
      }
    }
  }

  private func forbid(in module: String, because reason: String, _ isForbidden: (String) -> Bool) {
    for source in repository.sources(of: module) {
      for (line, name, _) in source.imports where isForbidden(name) {
        Issue.record("\(source.path):\(line.number): \(module) imports \(name), but \(reason)")
      }
    }
  }
}
