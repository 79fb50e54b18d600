import Domain
import Foundation

/// `cordon range` in a process of its own, for an exercise; it ends when we do.
final class RangeProcess {
  let address: String
  let token: String
  private let process: Process
  /// While this is open the range goes on; the kernel closes it with us, however we end.
  private let lifeline = Pipe()

  var identifier: Int32 { process.processIdentifier }

  /// Starts it and waits until it listens.
  init(directory: String, seed: String, items: Int64) throws {
    token = PassingSecret.make()
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = [
      "range", "--dir", directory, "--seed", seed, "--items", String(items), "--port", "0", "--until-input-ends",
    ]
    process.environment = ProcessInfo.processInfo.environment.merging(["CORDON_RANGE_TOKEN": token]) { $1 }
    let said = Pipe()
    process.standardOutput = said
    process.standardInput = lifeline
    do { try process.run() } catch {
      throw CommandFailure(.unavailable, "the range can't be started: \(error.localizedDescription)")
    }
    let line = Self.firstLine(of: said.fileHandleForReading)
    guard let start = line.range(of: "http://") else {
      throw CommandFailure(.unavailable, "the range did not start; what it said is above")
    }
    address = String(line[start.lowerBound...])
  }

  func stop() {
    process.terminate()
    process.waitUntilExit()
  }

  private static func firstLine(of handle: FileHandle) -> String {
    var line: [UInt8] = []
    while let byte = try? handle.read(upToCount: 1)?.first, byte != 0x0A { line.append(byte) }
    return String(decoding: line, as: UTF8.self)
  }
}

/// A random word for something that lives as long as the process.
enum PassingSecret {
  static func make() -> String {
    let words = SystemRandom().words()
    return Hex.encode(Identifier(high: words.0, low: words.1).bytes)
  }
}

/// How much memory a process has held at most, in MiB.
enum PeakMemory {
  static func mebibytes(of process: Int32) -> Double {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return 0 }
    for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
      let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }
      return (kibibytes ?? 0) / 1_024
    }
    return 0
  }
}
