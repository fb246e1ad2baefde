namespace MlComponents.Reporting;

/// <summary>Makes the components of this library known by name.</summary>
public static class ReportingComponents
{
    /// <summary>Registers <see cref="ProgressBar"/> as <c>progress-bar</c> and <see cref="HtmlReport"/> as <c>html-report</c>. Again changes nothing.</summary>
    /// <returns>The registry, for the next call.</returns>
    public static ComponentRegistry AddReporting(this ComponentRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.Add<ProgressBar>("progress-bar").Add<HtmlReport>("html-report");
    }
}
