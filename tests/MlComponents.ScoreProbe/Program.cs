// ScoreProbe <model.zip> [register]: loads a model and prints the bits of its scores for 20 rows, one row per line.
using MlComponents;
using MlComponents.ScoreProbe;
using Microsoft.ML;
using Microsoft.ML.Data;

if (args.Contains("register"))
    ComponentRegistry.Default.AddAssembly(typeof(SkipNetwork).Assembly);

var ml = new MLContext();
var model = ml.Model.Load(args[0], out _);
using var owned = model as IDisposable;
var scored = model.Transform(ml.Data.LoadFromEnumerable(BlobRow.Create(20, seed: 3)));
foreach (var line in ScoreText.Of(scored))
    Console.WriteLine(line);
