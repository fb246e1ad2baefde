using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using OxyPlot;

namespace MlComponents.Reporting;

/// <summary>Writes HTML; every text that it is given is escaped.</summary>
internal sealed partial class HtmlWriter
{
    private const string Style = """
        :root { color-scheme: light dark; --line: #8886; --note: #b03020; }
        @media (prefers-color-scheme: dark) { :root { --note: #ff9a8a; } }
        body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 52rem; padding: 1rem; overflow-wrap: anywhere; }
        h1, h2 { line-height: 1.2; } h2 { border-bottom: 1px solid var(--line); margin-top: 2.5rem; padding-bottom: .25rem; }
        .scroll { margin: 1rem 0; overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; } caption { font-weight: 600; padding: .25rem 0; text-align: left; }
        th, td { border-bottom: 1px solid var(--line); overflow-wrap: normal; padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top; }
        figure { background: #fff; border-radius: 4px; color: #000; margin: 1rem 0; overflow-x: auto; } svg { display: block; height: auto; width: 100%; }
        @media screen { svg { min-width: 40rem; } }
        @media (max-width: 30rem) { table { font-size: .8rem; } th, td { padding-right: .5rem; } }
        td img { display: block; image-rendering: pixelated; max-width: 96px; min-width: 56px; } pre { border: 1px solid var(--line); overflow-x: auto; padding: .75rem; white-space: pre-wrap; font-size: .8rem; } .note { color: var(--note); font-weight: 600; }
        @media print { body { max-width: none; } figure, tr { break-inside: avoid; } h2 { break-after: avoid; } .scroll, figure { overflow: visible; } }
        """;

    private readonly StringBuilder html = new();
    private int plots;

    /// <summary>Begins a page that may load nothing from anywhere.</summary>
    public HtmlWriter(string title)
    {
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append($"<title>{Escape(title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<main>\n<h1>{Escape(title)}</h1>\n");
    }

    /// <summary>Begins a section.</summary>
    public void Section(string title) => html.Append($"<h2>{Escape(title)}</h2>\n");

    /// <summary>A paragraph.</summary>
    public void Paragraph(string text, bool isNote = false) => html.Append($"<p{(isNote ? " class=\"note\"" : "")}>{Escape(text)}</p>\n");

    /// <summary>Text whose line breaks stay.</summary>
    public void Lines(string text) => html.Append($"<pre>{Escape(text)}</pre>\n");

    /// <summary>Texts, one below the other.</summary>
    public void List(IEnumerable<string> texts)
    {
        html.Append("<ul>\n");
        foreach (var text in texts)
            html.Append($"<li>{Escape(text)}</li>\n");
        html.Append("</ul>\n");
    }

    /// <summary>A table whose first column names the rows.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="rows">A cell per column: a text, or a picture as PNG with its alternative text.</param>
    public void Table(string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<HtmlCell>> rows)
    {
        html.Append($"<div class=\"scroll\"><table>\n<caption>{Escape(caption)}</caption>\n<thead><tr>");
        foreach (var column in columns)
            html.Append($"<th scope=\"col\">{Escape(column)}</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in rows)
        {
            html.Append($"<tr><th scope=\"row\">{Content(row[0])}</th>");
            foreach (var cell in row.Skip(1))
                html.Append($"<td>{Content(cell)}</td>");
            html.Append("</tr>\n");
        }
        html.Append("</tbody>\n</table></div>\n");
    }

    /// <summary>A plot as lines and text in the page itself.</summary>
    /// <param name="model">The plot.</param>
    /// <param name="height">Its height at a width of 800 pixels.</param>
    /// <param name="description">What it shows, for those who don't see it.</param>
    public void Plot(PlotModel model, int height, string description)
    {
        plots++;
        model.DefaultFont = "Arial";
        using var measurer = new StrokeTextContext();   // wider than any font that the reader may have: its text keeps its place
        var svg = SvgExporter.ExportToString(model, PlotFile.Width, height, isDocument: false, measurer);
        svg = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..];
        svg = svg[(svg.IndexOf('>') + 1)..];
        svg = ClipPath().Replace(svg, $"plot{plots}-$0");   // several plots share one page
        html.Append($"<figure><svg viewBox=\"0 0 {PlotFile.Width} {height}\" role=\"img\" aria-label=\"{Escape(description)}\"><title>{Escape(description)}</title>{svg}</figure>\n");
    }

    /// <summary>The whole page.</summary>
    public string Finish() => html + "</main>\n</body>\n</html>\n";

    private static string Content(HtmlCell cell) => cell.Png is { } png ? $"<img src=\"data:image/png;base64,{Convert.ToBase64String(png)}\" alt=\"{Escape(cell.Text)}\">" : Escape(cell.Text);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    [GeneratedRegex(@"(?<=id=""|url\(#)clipPath\d+")]
    private static partial Regex ClipPath();
}

/// <summary>A cell of a table.</summary>
/// <param name="Text">Its text, or what its picture shows.</param>
/// <param name="Png">Its picture, or null.</param>
internal readonly record struct HtmlCell(string Text, byte[]? Png = null)
{
    public static implicit operator HtmlCell(string text) => new(text);
}
