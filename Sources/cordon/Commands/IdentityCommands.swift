import ArgumentParser
import Casework
import Domain
import Foundation
import Storage

/// `cordon agency`: the units that take part.
struct AgencyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agency", abstract: "Adds and lists agencies.", subcommands: [Add.self, List.self])

  struct Add: CordonCommand {
    static let configuration = CommandConfiguration(abstract: "Adds an agency.")
    @OptionGroup var data: DataOptions
    @Argument var name: String

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      Terminal.print("\(try await installation.desk.addAgency(name, as: caller))")
    }
  }

  struct List: CordonCommand {
    static let configuration = CommandConfiguration(abstract: "Lists agencies: identifier and name.")
    @OptionGroup var data: DataOptions

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      for agency in try await installation.desk.agencies(as: caller) {
        Terminal.print("\(agency.id)  \(Terminal.shown(agency.name ?? "(erased)"))")
      }
    }
  }
}

/// `cordon user`: who may act.
struct UserCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user", abstract: "Adds users, gives them roles and passwords.",
    subcommands: [Add.self, List.self, Roles.self, Password.self])

  struct Add: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Adds a user.",
      discussion: """
        EXAMPLES
          cordon user add ana --role analyst --data ./record
          cordon user add otto --role auditor --agency "Oversight board" --password-stdin < password.txt
        """)
    @OptionGroup var data: DataOptions
    @Argument var name: String
    @Option(help: "What the user may do; may be given several times.") var role: [Role]
    @Option(help: "The user's agency; the caller's own when it is not given.") var agency: String?
    @Flag(help: "Reads a password from standard input, so that no process list shows it.") var passwordStdin = false

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      let user = try await installation.desk.addUser(
        name, roles: Set(role), agencyName: agency, password: passwordStdin ? try Self.readPassword() : nil, as: caller)
      Terminal.print("\(user.id)")
    }

    static func readPassword() throws -> String {
      if isatty(STDIN_FILENO) == 1 { Terminal.tell("Password:") }
      guard let line = readLine(strippingNewline: true) else {
        throw CommandFailure(.badInput, "standard input has no password")
      }
      return line
    }
  }

  struct List: CordonCommand {
    static let configuration = CommandConfiguration(abstract: "Lists users: identifier, name, roles.")
    @OptionGroup var data: DataOptions

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      for user in try await installation.desk.users(as: caller) {
        let name = user.isOwner ? "(owner of the database file)" : Terminal.shown(user.name ?? "(erased)")
        let roles = user.isOwner ? "every role" : user.roles.sorted().map(\.rawValue).joined(separator: ", ")
        Terminal.print("\(user.id)  \(name)  \(roles)")
      }
    }
  }

  struct Roles: CordonCommand {
    static let configuration = CommandConfiguration(abstract: "Gives a user other roles; none takes all of them away.")
    @OptionGroup var data: DataOptions
    @Argument var name: String
    @Option(help: "What the user may do from now on; may be given several times.") var role: [Role] = []

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      try await installation.desk.setRoles(Set(role), of: name, as: caller)
    }
  }

  struct Password: CordonCommand {
    static let configuration = CommandConfiguration(abstract: "Sets a user's password, read from standard input.")
    @OptionGroup var data: DataOptions
    @Argument var name: String

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      try await installation.desk.setPassword(try Add.readPassword(), of: name, as: caller)
    }
  }
}

/// `cordon token`: secrets with which programs act as a user.
struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Creates, lists and revokes API tokens.",
    subcommands: [Create.self, List.self, Revoke.self])

  struct Create: CordonCommand {
    static let configuration = CommandConfiguration(
      abstract: "Creates a token and prints its secret, this once.",
      discussion: """
        EXAMPLE
          export CORDON_TOKEN=$(cordon token create --user ana --expires-in-days 90 --data ./record)
        """)
    @OptionGroup var data: DataOptions
    @Option(help: "Whose token it is.") var user: String
    @Option(help: "What it is for.") var label: String?
    @Option(help: "After how many days it stops working.") var expiresInDays: Int?

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      if let days = expiresInDays, !(1...3_650).contains(days) {
        throw CommandFailure(.usage, "--expires-in-days is 1 to 3650")
      }
      let expiresAt = expiresInDays.map { SystemClock().now().adding(seconds: Int64($0) * 86_400) }
      let token = try await installation.desk.createToken(for: user, label: label, expiresAt: expiresAt, as: caller)
      Terminal.tell("Token \(token.id) of \(Terminal.shown(user)); its secret is shown this once:")
      Terminal.print(token.secret)
    }
  }

  struct List: CordonCommand {
    static let configuration = CommandConfiguration(abstract: "Lists tokens without their secrets.")
    @OptionGroup var data: DataOptions

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      let now = SystemClock().now()
      for token in try await installation.desk.tokens(as: caller) {
        let state =
          token.revokedAt.map { "revoked \($0)" }
          ?? token.expiresAt.map { $0 > now ? "until \($0)" : "expired \($0)" } ?? "valid"
        Terminal.print("\(token.id)  user \(token.user)  \(state)  \(Terminal.shown(token.label ?? ""))")
      }
    }
  }

  struct Revoke: CordonCommand {
    static let configuration = CommandConfiguration(abstract: "Stops a token at once.")
    @OptionGroup var data: DataOptions
    @Argument(help: "The token's identifier, not its secret.") var token: String

    mutating func execute() async throws {
      guard let id = ID<AccessToken>(token) else {
        throw CommandFailure(.usage, "this is not a token's identifier: `cordon token list` shows them")
      }
      let (installation, caller) = try await Installation.openAsCaller(data)
      try await installation.desk.revokeToken(id, as: caller)
    }
  }
}
