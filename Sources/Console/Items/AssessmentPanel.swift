import Casework
import Domain
import Storage

/// The assessment in force, as the second person needs to see it.
struct AssessmentPanel {
  let visit: Visit
  let dossier: ItemDossier

  private var words: Words { visit.words }

  @Content var nodes: [Node] {
    if let assessment = dossier.work.assessment {
      section(words("assessment.title"), id: "assessment") {
        el("p", .class("verdict")) {
          el("strong") { words.code("decision", assessment.decision.rawValue) }
          el("span") { state(assessment) }
        }
        if let entry = dossier.history.first(where: { $0.header.index == assessment.index }) {
          el("p", .class("meta")) {
            words.nodes(
              "assessment.by",
              [
                "name": [entry.actorName.map { foreign($0) } ?? .text(words("item.somebody"))],
                "time": [TimeText.node(entry.header.at)],
              ])
          }
          details(entry)
        }
      }
    }
  }

  private func state(_ assessment: Assessment) -> String {
    switch assessment.state {
    case .awaitingSecondPerson: words("assessment.awaiting")
    case .confirmed: words("assessment.confirmed")
    case .returned: words("assessment.returned")
    }
  }

  private func details(_ entry: HistoryEntry) -> Node {
    let facts = try? JSONObject(parsing: Array(entry.facts.utf8))
    let personal = entry.personal.flatMap { try? JSONObject(parsing: Array($0.utf8)) }
    let exempt = (try? facts?.texts("exempt")) ?? []
    return el("dl", .class("facts")) {
      row("categories", list("category", (try? facts?.texts("categories")) ?? []))
      row("factors", list("factor", (try? facts?.texts("factors")) ?? []))
      row(
        "exempt",
        exempt.isEmpty ? [.text(words("assessment.none_exempt"))] : list("exemption", exempt))
      row("machine_help", [.text(words(facts?["machine_help"] == .boolean(true) ? "assess.yes" : "assess.no"))])
      row("reasons", [((try? personal?.optionalText("reasons")) ?? nil).map { foreign($0) } ?? .text("–")])
    }
  }

  private func list(_ family: StaticString, _ codes: [String]) -> [Node] {
    codes.isEmpty
      ? [.text("–")] : [.text(codes.map { words.code(family, $0) }.joined(separator: words("list.semicolon")))]
  }

  private func row(_ key: String, _ value: [Node]) -> Node {
    el("div") {
      el("dt") { words.code("fact", key) }
      el("dd") { value }
    }
  }
}
