import ArgumentParser
import Casework
import Domain
import Forms
import Storage

/// `cordon report`: what an operation came to, for people and programs.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Tells what an operation came to.", subcommands: [OperationReportCommand.self])

  struct OperationReportCommand: CordonCommand {
    static let configuration = CommandConfiguration(
      commandName: "operation",
      abstract: "The communiqué: what was referred, what was claimed, what was seen gone, what came back.",
      discussion: """
        The page opens, behind each figure, the journal entries that it counts; JSON holds them as pairs of first and
        last index. The report is handled by the strictest code of its items.

        EXAMPLES
          cordon report operation "Harbour Lights" --data ./exercise > report.html
          cordon report operation "Harbour Lights" --format csv --data ./exercise
          cordon report operation "Harbour Lights" --entries seen_gone --data ./exercise
        """)
    @OptionGroup var data: DataOptions
    @Argument(help: "The operation's identifier or name.") var operation: String
    @Option(help: "html, json or csv.") var format = Format.html
    @Flag(help: "The same as --format json.") var json = false
    @Option(help: ArgumentHelp("Only the journal entries behind this figure, as CSV.", valueName: "figure"))
    var entries: Figure?

    enum Format: String, ExpressibleByArgument, CaseIterable { case html, json, csv }

    mutating func execute() async throws {
      let (installation, caller) = try await Installation.openAsCaller(data)
      let id = try await installation.operation(operation, as: caller)
      let report = try await installation.desk.compileReport(of: id, as: caller)
      if let entries {
        Terminal.write(Array(ReportCSV.entries(of: entries, in: report).utf8), to: 1)
        return
      }
      switch json ? .json : format {
      case .html: Terminal.write(Array(ReportHTML.encode(report).utf8), to: 1)
      case .csv: Terminal.write(Array(ReportCSV.encode(report).utf8), to: 1)
      case .json: Terminal.write(ReportJSON.encode(report) + [0x0A], to: 1)
      }
    }
  }
}
