import API
import Casework
import Console
import Domain
import Foundation
import Logging

/// The HTTP side of an exercise: the range answers to it, and people may watch.
struct ExerciseServer {
  let address: String
  private let task: Task<Void, any Error>

  /// Starts it and waits until it listens; with `isShown` people find the console there, and accounts to sign in with.
  static func start(for house: ExerciseHouse, isShown: Bool, port: Int) async throws -> ExerciseServer {
    if isShown { try await Accounts.make(in: house.directory, at: house.desk) }
    let logger = Logger(label: "cordon") { _ in JSONLog() }
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    let console = ConsolePages(desk: house.spectators)
    let pages: APIServer.Pages = { console.addRoutes(to: $0) }
    let server = APIServer(
      desk: isShown ? house.spectators : house.desk, host: "127.0.0.1", port: port, logger: logger,
      pages: isShown ? pages : nil
    ) { listening.yield($0) }
    let task = Task {
      defer { listening.finish() }
      do { try await server.run() } catch let fault as APIServerFault {
        throw CommandFailure(.unavailable, fault.description)
      }
    }
    for await port in ports { return ExerciseServer(address: "http://127.0.0.1:\(port)", task: task) }
    try await task.value
    throw CommandFailure(.unavailable, "the server of the exercise did not start")
  }

  /// Serves until the process is asked to stop.
  func wait() async throws { try await task.value }
}

/// One account for each role, for people who watch or go on with an exercise.
enum Accounts {
  static func path(in directory: String) -> String { directory + "/accounts.txt" }

  /// Makes the accounts where there are none yet; the passwords are the machine's randomness, not the seed's.
  static func make(in directory: String, at desk: Desk) async throws {
    guard !FileManager.default.fileExists(atPath: path(in: directory)) else { return }
    let owner = try await desk.owner()
    let known = Set(try await desk.users(as: owner).compactMap(\.name))
    var lines = "# One account for each role of this exercise. Sign in with name and password.\n"
    for role in Role.staff {
      let password = PassingSecret.make()
      if known.contains(role.rawValue) {
        try await desk.setPassword(password, of: role.rawValue, as: owner)
      } else {
        _ = try await desk.addUser(role.rawValue, roles: [role], agencyName: nil, password: password, as: owner)
      }
      lines += "\(role.rawValue.padding(toLength: 22, withPad: " ", startingAt: 0)) \(password)\n"
    }
    let made = FileManager.default.createFile(
      atPath: path(in: directory), contents: Data(lines.utf8), attributes: [.posixPermissions: 0o600])
    guard made else { throw CommandFailure(.cannotCreate, "\(path(in: directory)) can't be written") }
  }
}
