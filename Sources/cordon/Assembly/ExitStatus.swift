import ArgumentParser
import Casework
import Domain
import ExchangeFormats
import Exercise
import Glibc
import Locators
import Storage
import TransparencyLog

/// How the program ends; the numbers are those of sysexits.h, and `docs/exit-codes.md` explains them.
enum ExitStatus: Int32 {
  case success = 0
  /// What was checked is not as it must be.
  case checkFailed = 1
  case usage = 64
  case badInput = 65
  case noInput = 66
  case unavailable = 69
  case internalError = 70
  case cannotCreate = 73
  case inputOutput = 74
  case notPermitted = 77
  case configuration = 78

  /// Throw this to end a command that has said everything already.
  var exit: ExitCode { ExitCode(rawValue) }
}

/// Something that a command can't do, told in a sentence.
struct CommandFailure: Error, CustomStringConvertible {
  let status: ExitStatus
  let description: String

  init(_ status: ExitStatus, _ description: String) {
    self.status = status
    self.description = description
  }

  /// What any error means to somebody at a terminal.
  init(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as StorageError: self.init(Self.status(of: error), error.description)
    case let refusal as Refusal: self.init(Self.status(of: refusal), refusal.description)
    case let refusal as IntakeRefusal: self.init(.badInput, refusal.description)
    case let fault as ImportFault: self.init(.unavailable, fault.description)
    case let fault as PackFault: self.init(.configuration, fault.description)
    case let fault as ExerciseFault: self.init(Self.status(of: fault), fault.description)
    case let fault as TransferFault: self.init(Self.status(of: fault), fault.description)
    case let fault as KeysFault: self.init(.configuration, fault.description)
    case let fault as NoteFault: self.init(.badInput, fault.description)
    default: self.init(.internalError, "this should not have happened: \(error)")
    }
  }

  private static func status(of error: StorageError) -> ExitStatus {
    switch error {
    case .unavailable, .outcomeUnknown: .unavailable
    case .full, .inputOutput, .closed: .inputOutput
    case .damaged, .newer, .older, .foreign: .configuration
    case .conflict: .internalError
    }
  }

  private static func status(of fault: TransferFault) -> ExitStatus {
    switch fault {
    case .noRecord: .noInput
    case .targetInUse: .cannotCreate
    case .unfinished: .configuration
    case .overtaken: .unavailable
    case .damaged, .mismatch: .checkFailed
    }
  }

  private static func status(of fault: ExerciseFault) -> ExitStatus {
    switch fault {
    case .range, .nonsense, .stopped: .unavailable
    case .other: .usage
    case .refused: .internalError
    }
  }

  private static func status(of refusal: Refusal) -> ExitStatus {
    switch refusal {
    case .notSignedIn, .notPermitted: .notPermitted
    case .notFound: .noInput
    case .taken, .invalid, .keyReused, .samePerson, .stale, .notNow: .badInput
    }
  }
}

/// A command whose errors are told in a sentence and end with a documented exit code.
protocol CordonCommand: AsyncParsableCommand {
  mutating func execute() async throws
}

extension CordonCommand {
  mutating func run() async throws {
    // A reader that went away is told by `write`, not by a signal that ends the program.
    signal(SIGPIPE, SIG_IGN)
    do {
      try await execute()
    } catch let code as ExitCode {
      throw code
    } catch let error as ValidationError {
      throw error
    } catch {
      let failure = CommandFailure(error)
      Terminal.tell("cordon: \(failure.description)")
      throw failure.status.exit
    }
  }
}
