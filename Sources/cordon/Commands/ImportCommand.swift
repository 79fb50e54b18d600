import ArgumentParser
import Casework
import Domain
import ExchangeFormats
import Foundation

/// `cordon import`: a file of addresses goes on record, each once.
struct ImportCommand: CordonCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Puts a file of addresses on record, each once.",
    discussion: """
      Reads CSV, TSV, JSON Lines, plain lists (one address a line) and, with --format text, free text, and says
      what it took each column for. An address that is on record already becomes a sighting. Interrupted, the
      same command completes it with nothing doubled. What can't be taken goes to FILE.rejects.jsonl.

      EXAMPLES
        cordon import --data ./record list.txt
        cordon import --data ./record report.csv --columns address=2,note=4 --operation "Action day"
        zcat feed.jsonl.gz | cordon import --data ./record - --format jsonl --json
        cordon import --data ./record letter.txt --format text --dry-run
      """)

  @OptionGroup var data: DataOptions

  @Argument(help: "The file, or - for standard input.")
  var file: String

  @Option(help: "csv, tsv, jsonl, list or text; told from name and content when it is not given.")
  var format: IntakeFormat?

  @Option(help: ArgumentHelp("Which column is what.", valueName: "address=1,note=2"))
  var columns: String?

  @Option(help: "The operation that the items belong to; opened where there is none of this name.")
  var operation: String?

  @Option(help: "Europol handling code: H0, H1, H2 or H3.")
  var handling: HandlingCode = .h0

  @Option(help: "Who else may see the items: owner (nobody) or installation (every agency).")
  var sharing: Sharing = .owner

  @Option(help: ArgumentHelp("Where rejects go.", valueName: "file"))
  var rejects: String?

  @Flag(help: "Counts what would be done and changes nothing.")
  var dryRun = false

  @Flag(help: "Prints one JSON object.")
  var json = false

  mutating func execute() async throws {
    let scratch = dryRun ? try await ScratchDirectory(standingInFor: data) : nil
    defer { scratch?.remove() }
    let (installation, caller) = try await Installation.openAsCaller(scratch?.options ?? data, founding: true)
    let input = try ImportInput(path: file, spoolingIn: installation.directory)
    let digest = try input.digest()
    let lock = try dryRun ? nil : ImportLock(directory: installation.directory, digest: digest)
    defer { lock?.release() }
    let plan = try IntakePlan(
      fileName: file == "-" ? nil : file, firstBytes: try input.firstBytes(FormatDetection.sampleSize), format: format,
      columns: columns)
    if !json { Terminal.tell("Reading \(file == "-" ? "standard input" : file) as \(plan.description)") }
    let request = ImportRequest(
      inputDigest: digest, fileName: file == "-" ? nil : URL(fileURLWithPath: file).lastPathComponent,
      plan: plan, operation: operation, terms: ReportTerms(handling: handling, sharing: sharing))
    var files = ImportFileSet(input: input, rejectsPath: rejects, defaultRejectsPath: defaultRejectsPath)
    try input.rewind()
    let summary =
      dryRun
      ? try await installation.desk.previewImport(request, files: &files, as: caller)
      : try await installation.desk.importItems(request, files: &files, as: caller)
    try files.close()
    report(summary, rejectsPath: files.writtenRejectsPath)
    if summary.lines > summary.blank, summary.rejected == summary.lines - summary.blank {
      throw ExitStatus.badInput.exit
    }
  }

  private var defaultRejectsPath: String { file == "-" ? "stdin.rejects.jsonl" : file + ".rejects.jsonl" }

  private func report(_ summary: ImportSummary, rejectsPath: String?) {
    if json { return Terminal.print(jsonText(summary, rejectsPath: rejectsPath)) }
    if summary.resumedAfterLine > 0 {
      Terminal.tell("Taken up again after line \(summary.resumedAfterLine), where an earlier attempt stopped.")
    }
    let verb = dryRun ? "would be " : ""
    Terminal.print(
      "\(summary.lines) lines: \(summary.itemsNew) items \(verb)new, \(summary.sightings) \(verb)sighted again, "
        + "\(summary.rejected) rejected, \(summary.blank) blank")
    if let rejectsPath { Terminal.print("Rejects, with line and reason: \(rejectsPath)") }
  }

  private func jsonText(_ summary: ImportSummary, rejectsPath: String?) -> String {
    var json = JSONWriter()
    json.object { json in
      json.key("blank")
      json.integer(summary.blank)
      json.key("dry_run")
      json.boolean(dryRun)
      json.key("import")
      if let id = summary.importID { json.identifier(id.identifier) } else { json.null() }
      json.key("items_new")
      json.integer(summary.itemsNew)
      json.key("lines")
      json.integer(summary.lines)
      json.key("rejected")
      json.integer(summary.rejected)
      json.key("rejects_file")
      if let rejectsPath { json.string(rejectsPath) } else { json.null() }
      json.key("resumed_after_line")
      json.integer(summary.resumedAfterLine)
      json.key("sightings")
      json.integer(summary.sightings)
    }
    return String(decoding: json.bytes, as: UTF8.self)
  }
}
