/// Everything that a serving process counts; `docs/metrics.md` describes each, and a test holds the two together.
public struct ServeMetrics: Sendable {
  private static let roles = ["dispatch", "looks", "deadlines", "checkpoints"]
  private static let seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  // The names of these five are Prometheus' own, known to every dashboard.
  public let processStart = MetricFamily(
    "process_start_time_seconds", .gauge, "When the process started, in seconds since 1970.")
  public let processMemory = MetricFamily(
    "process_resident_memory_bytes", .gauge, "Memory of the process that is in RAM.")
  public let processFiles = MetricFamily("process_open_fds", .gauge, "Open file descriptors.")
  public let processFilesLimit = MetricFamily("process_max_fds", .gauge, "How many file descriptors may be open.")
  public let processCPU = MetricFamily("process_cpu_seconds_total", .counter, "CPU time used, user and system.")

  public let requests = MetricFamily(
    "cordon_http_requests_total", .counter, "Requests that were answered.", labels: ["route", "method", "status"])
  public let requestSeconds = MetricFamily(
    "cordon_http_request_duration_seconds", .histogram, "Time from a request's head to its answer's.",
    labels: ["route", "method"], bounds: seconds)

  public let writeCommits = MetricFamily(
    "cordon_write_commits_total", .counter, "Commits of the write lane that are on disk.")
  public let writeBodies = MetricFamily(
    "cordon_write_bodies_total", .counter, "Writes by what became of them: kept, refused by a rule, failed in storage.",
    labels: ["result"], known: ["kept", "refused", "failed"])
  public let writeBatch: MetricFamily
  public let writeSeconds: MetricFamily
  public let writeClosed = MetricFamily(
    "cordon_write_closed", .gauge, "1 where a failed write has ended all writing until the restart, else 0.")

  public let databaseUp = MetricFamily(
    "cordon_database_up", .gauge, "1 where the record could be read for this answer, else 0.")
  public let journalEntries = MetricFamily("cordon_journal_entries", .gauge, "Entries of the journal.")
  public let checkpointedEntries = MetricFamily(
    "cordon_journal_checkpointed_entries", .gauge, "Entries that the newest signed checkpoint speaks for.")

  public let leasesHeld = MetricFamily(
    "cordon_leases_held", .gauge, "Lanes that this process has.", labels: ["role"], known: roles)
  public let leasesTaken = MetricFamily(
    "cordon_leases_taken_total", .counter, "Lanes that this process took.", labels: ["role"], known: roles)
  public let leasesLost = MetricFamily(
    "cordon_leases_lost_total", .counter, "Lanes that ran out before they were handed back.", labels: ["role"],
    known: roles)

  public let workDue = MetricFamily(
    "cordon_work_due", .gauge, "What is due and not done, in the whole installation.", labels: ["role"])
  public let workOldest = MetricFamily(
    "cordon_work_oldest_due_age_seconds", .gauge, "For how long the oldest of it has been due; 0 where nothing is.",
    labels: ["role"])
  public let deliveries = MetricFamily(
    "cordon_deliveries_total", .counter,
    "Messages to providers by what came of them: delivered, refused, or to be tried again.", labels: ["result"],
    known: ["delivered", "refused", "again"])
  public let looks = MetricFamily(
    "cordon_looks_total", .counter, "Looks that were recorded, by verdict.", labels: ["verdict"])
  public let workerFailures = MetricFamily(
    "cordon_worker_failures_total", .counter, "Rounds of workers that ended with an error.", labels: ["role"],
    known: roles)

  /// - Parameters:
  ///   - batchBounds: the write lane's own buckets for bodies in a commit.
  ///   - commitBounds: and for seconds of a commit.
  public init(batchBounds: [Double], commitBounds: [Double]) {
    writeBatch = MetricFamily(
      "cordon_write_commit_bodies", .histogram, "How many writes shared a commit.", bounds: batchBounds)
    writeSeconds = MetricFamily(
      "cordon_write_commit_duration_seconds", .histogram, "Time from the beginning of a commit to its flush.",
      bounds: commitBounds)
  }

  /// All of them, in the order in which they are told.
  public var families: [MetricFamily] {
    [
      processStart, processMemory, processFiles, processFilesLimit, processCPU, requests, requestSeconds,
      writeCommits, writeBodies, writeBatch, writeSeconds, writeClosed, databaseUp, journalEntries,
      checkpointedEntries, leasesHeld, leasesTaken, leasesLost, workDue, workOldest, deliveries, looks, workerFailures,
    ]
  }

  /// The whole page, in Prometheus' text format 0.0.4.
  public var text: String {
    var text = ""
    for family in families { family.write(to: &text) }
    return text
  }
}
