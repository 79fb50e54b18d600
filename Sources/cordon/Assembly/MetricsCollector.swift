import Casework
import Domain
import Foundation
import Glibc
import Meters
import Storage

/// Brings the figures up to date that are only known by asking: the process, the write lane, the record.
struct MetricsCollector {
  let metrics: ServeMetrics
  let desk: Desk
  let owner: Caller

  static func metrics(for store: Store) -> ServeMetrics {
    let lane = store.laneStatistics
    return ServeMetrics(batchBounds: lane.bodies.bounds, commitBounds: lane.seconds.bounds)
  }

  func collect() async {
    ProcessFigures.read(into: metrics)
    collectLane()
    do {
      show(try await desk.operatingFigures(as: owner))
      metrics.databaseUp.set(1)
    } catch {
      metrics.databaseUp.set(0)
      // What could not be asked is not shown with its value of before.
      for family in [metrics.journalEntries, metrics.checkpointedEntries, metrics.workDue, metrics.workOldest] {
        family.clear()
      }
    }
  }

  private func collectLane() {
    let lane = desk.store.laneStatistics
    metrics.writeCommits.set(Double(lane.bodies.count))
    metrics.writeBodies.set(Double(lane.kept), "kept")
    metrics.writeBodies.set(Double(lane.refused), "refused")
    metrics.writeBodies.set(Double(lane.failed), "failed")
    metrics.writeBatch.set(atOrBelow: lane.bodies.atOrBelow, count: lane.bodies.count, sum: lane.bodies.sum)
    metrics.writeSeconds.set(atOrBelow: lane.seconds.atOrBelow, count: lane.seconds.count, sum: lane.seconds.sum)
    metrics.writeClosed.set(desk.store.closed == nil ? 0 : 1)
  }

  private func show(_ figures: OperatingFigures) {
    metrics.journalEntries.set(Double(figures.journalEntries))
    metrics.checkpointedEntries.set(Double(figures.checkpointedEntries))
    let now = desk.clock.now()
    for (role, due) in figures.due {
      metrics.workDue.set(Double(due.count), role)
      let age = due.oldest.map { max(0, Double(now.microseconds - $0.microseconds) / 1e6) } ?? 0
      metrics.workOldest.set(age, role)
    }
  }
}

/// What the kernel says of this process.
enum ProcessFigures {
  static func read(into metrics: ServeMetrics) {
    let fields = statusFields()
    let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    // proc(5): after the name come state (3), then user and system time (14, 15), start (22), resident pages (24).
    if fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
      let start = Double(fields[19]), let pages = Double(fields[21])
    {
      metrics.processCPU.set((user + system) / ticks)
      metrics.processMemory.set(pages * Double(sysconf(Int32(_SC_PAGESIZE))))
      if let boot = bootTime() { metrics.processStart.set(boot + start / ticks) }
    }
    if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
      metrics.processFiles.set(Double(files.count))
    }
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      metrics.processFilesLimit.set(Double(limit.rlim_cur))
    }
  }

  /// The fields of `/proc/self/stat` behind the program's name, which may hold spaces and brackets.
  private static func statusFields() -> [Substring] {
    guard let text = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
      let bracket = text.lastIndex(of: ")")
    else { return [] }
    return text[text.index(after: bracket)...].split(whereSeparator: \.isWhitespace)
  }

  private static func bootTime() -> Double? {
    guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8) else { return nil }
    return text.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst(6)) }
  }
}
