// ScoreProbe <model.zip> [register]: loads a model and prints the bits of its scores for 20 rows, one row per line.
// ScoreProbe stream <folder>: trains on rows that are streamed, with its files in a folder; see StreamedRun.FitUntilKilled.
using MlComponents;
using MlComponents.ScoreProbe;
using Microsoft.ML;
using Microsoft.ML.Data;

if (args is ["stream", var folder])
{
    StreamedRun.FitUntilKilled(folder);
    return;
}
if (args.Contains("register"))
    ComponentRegistry.Default.AddAssembly(typeof(SkipNetwork).Assembly);

var ml = new MLContext();
var model = ml.Model.Load(args[0], out _);
using var owned = model as IDisposable;
var scored = model.Transform(ml.Data.LoadFromEnumerable(BlobRow.Create(20, seed: 3)));
foreach (var line in ScoreText.Of(scored))
    Console.WriteLine(line);
